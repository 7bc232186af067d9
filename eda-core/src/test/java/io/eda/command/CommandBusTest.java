package io.eda.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eda.Accounts;
import io.eda.Accounts.Account;
import io.eda.Accounts.Deposit;
import io.eda.Accounts.Deposited;
import io.eda.Accounts.Fact;
import io.eda.Accounts.Open;
import io.eda.Accounts.Withdraw;
import io.eda.aggregate.Aggregate;
import io.eda.event.AggregateId;
import io.eda.event.Event;
import io.eda.event.EventRecord;
import io.eda.event.Metadata;
import io.eda.inmemory.InMemoryEventStorage;
import io.eda.retry.Backoff;
import io.eda.serialization.JacksonEventSerializer;
import io.eda.store.Append;
import io.eda.store.AppendOutcomeUnknownException;
import io.eda.store.AppendResult;
import io.eda.store.ConcurrencyConflictException;
import io.eda.store.EventFilter;
import io.eda.store.EventPage;
import io.eda.store.EventStorage;
import io.eda.store.EventStore;
import io.eda.store.ExpectedVersion;
import io.eda.store.StoredEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CommandBusTest {

    private static final AggregateId ADA = Accounts.ACCOUNT.id("ada");

    private final CountingStorage storage = new CountingStorage(new InMemoryEventStorage());
    private final EventStore store = new EventStore(storage, new JacksonEventSerializer(Accounts.TYPES));
    private final CommandBus bus = busOver(store, options());

    @Test
    void a_command_without_a_handler_is_refused_with_the_known_ones() {
        assertThatThrownBy(() -> bus.dispatch("hello"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.String")
                .hasMessageContaining("[Deposit, Open, Withdraw]");
    }

    @Test
    void a_second_handler_for_a_command_is_refused() {
        var builder = CommandBus.builder(store).handle(Open.class, Accounts.ACCOUNT, Open::id, Accounts::open);
        assertThatThrownBy(() -> builder.handle(Open.class, Accounts.ACCOUNT, Open::id, Accounts::open))
                .hasMessageContaining("a command has one handler");
    }

    @Test
    void a_second_definition_of_an_aggregate_is_refused() {
        Aggregate<Account, Fact> twin = Aggregate.of("account", new Account(true, 1), Accounts.ACCOUNT.evolution());
        var builder = CommandBus.builder(store).handle(Open.class, Accounts.ACCOUNT, Open::id, Accounts::open);
        assertThatThrownBy(() -> builder.handle(Deposit.class, twin, Deposit::id, Accounts::deposit))
                .hasMessageContaining("two definitions of the aggregate 'account'");
    }

    @Test
    void a_rejection_reaches_the_caller_as_it_is_and_stores_nothing() {
        assertThatThrownBy(() -> bus.dispatch(new Withdraw("ada", 5)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("The account holds 0 cents only");
        assertThat(store.getEvents(ADA)).isEmpty();
    }

    @Test
    void the_result_tells_version_and_position() {
        bus.dispatch(new Open("bob", "Bob"));
        CommandResult result = bus.dispatch(new Open("ada", "Ada"));
        assertThat(result).isEqualTo(new CommandResult(ADA, 1, 2, 1));
    }

    @Test
    void a_command_that_changes_nothing_returns_where_the_aggregate_stands() {
        bus.dispatch(new Open("ada", "Ada"));
        assertThat(bus.dispatch(new Open("ada", "Ada"))).isEqualTo(new CommandResult(ADA, 1, 1, 0));
        assertThat(store.getEvents(ADA)).hasSize(1);
    }

    @Test
    void the_commands_id_is_the_cause_and_its_correlation_is_inherited() {
        bus.dispatch(new Open("ada", "Ada"), new CommandContext("c-1", "talk", Metadata.of("tenant", "x")));
        Event<?> opened = store.getEvents(ADA).get(0);
        bus.dispatch(new Deposit("ada", 5), CommandContext.reactingTo(opened, "welcome-gift"));
        Event<?> gift = store.getEvents(ADA).get(1);

        assertThat(opened.causationId()).isEqualTo("c-1");
        assertThat(opened.correlationId()).isEqualTo("talk");
        assertThat(gift.causationId()).isEqualTo(opened.eventId() + ":welcome-gift");
        assertThat(gift.correlationId()).isEqualTo("talk");
        assertThat(gift.metadata()).isEqualTo(Metadata.of("tenant", "x"));
    }

    @Test
    void a_command_without_context_starts_a_conversation_of_its_own() {
        bus.dispatch(new Open("ada", "Ada"));
        bus.dispatch(new Deposit("ada", 5));
        List<Event<?>> events = store.getEvents(ADA);
        assertThat(events.get(0).correlationId()).isEqualTo(events.get(0).causationId());
        assertThat(events.get(0).correlationId()).isNotEqualTo(events.get(1).correlationId());
    }

    @Test
    void a_cached_aggregate_is_decided_on_without_a_read() {
        bus.dispatch(new Open("ada", "Ada"));
        int reads = storage.reads.get();
        for (int i = 0; i < 50; i++) {
            bus.dispatch(new Deposit("ada", 1));
        }
        assertThat(storage.reads.get()).isEqualTo(reads);
    }

    @Test
    void without_a_cache_every_decision_reads() {
        CommandBus uncached = busOver(store, options().withCachedAggregates(0));
        uncached.dispatch(new Open("ada", "Ada"));
        int reads = storage.reads.get();
        uncached.dispatch(new Deposit("ada", 1));
        assertThat(storage.reads.get()).isGreaterThan(reads);
    }

    @Test
    void a_cached_state_that_is_behind_is_found_out_by_the_append() {
        bus.dispatch(new Open("ada", "Ada"));
        elsewhere(new Deposited(10));
        CommandResult result = bus.dispatch(new Withdraw("ada", 10));
        assertThat(result.version()).isEqualTo(3);
        assertThat(store.rebuildAggregate(Accounts.ACCOUNT, "ada").state().balance())
                .isZero();
    }

    @Test
    void a_rejection_from_a_cached_state_is_checked_against_the_store() {
        bus.dispatch(new Open("ada", "Ada"));
        elsewhere(new Deposited(10));
        // On the cached state, with a balance of 0, this would be rejected wrongly.
        assertThat(bus.dispatch(new Withdraw("ada", 4)).version()).isEqualTo(3);
    }

    @Test
    void an_empty_decision_from_a_cached_state_is_checked_against_the_store() {
        CommandBus topUp = CommandBus.builder(store)
                .handle(
                        Deposit.class,
                        Accounts.ACCOUNT,
                        Deposit::id,
                        (deposit, account) -> account.balance() >= deposit.cents()
                                ? List.of()
                                : List.of(new Deposited(deposit.cents())))
                .build();
        topUp.dispatch(new Deposit("ada", 10));
        elsewhere(new Accounts.Withdrawn(10));
        assertThat(topUp.dispatch(new Deposit("ada", 10)).eventCount()).isEqualTo(1);
    }

    @Test
    void after_the_last_attempt_the_conflict_reaches_the_caller() {
        storage.beforeAppend = append -> elsewhere(new Deposited(1));
        assertThatThrownBy(() -> bus.dispatch(new Deposit("ada", 5))).isInstanceOf(ConcurrencyConflictException.class);
        assertThat(storage.appends.get()).isEqualTo(options().maxAttempts());
    }

    @Test
    void a_lost_answer_is_resolved_by_repeating_the_same_append() {
        storage.answersToLose.set(3);
        CommandResult result = bus.dispatch(new Deposit("ada", 5));
        assertThat(result.version()).isEqualTo(1);
        assertThat(store.getEvents(ADA)).hasSize(1);
    }

    @Test
    void when_the_answers_stay_lost_the_caller_learns_it_and_the_cache_forgets() {
        storage.answersToLose.set(100);
        assertThatThrownBy(() -> bus.dispatch(new Deposit("ada", 5))).isInstanceOf(AppendOutcomeUnknownException.class);
        storage.answersToLose.set(0);
        assertThat(bus.dispatch(new Withdraw("ada", 5)).version()).isEqualTo(2);
    }

    @Test
    void racing_buses_lose_no_deposit() throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(8);
        CommandBus other = busOver(store, options().withMaxAttempts(1_000));
        CommandBus one = busOver(store, options().withMaxAttempts(1_000));
        CountDownLatch start = new CountDownLatch(1);
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            CommandBus mine = i % 2 == 0 ? one : other;
            all.add(callers.submit(() -> {
                start.await();
                for (int n = 0; n < 100; n++) {
                    mine.dispatch(new Deposit("ada", 1));
                }
                return null;
            }));
        }
        start.countDown();
        for (Future<?> caller : all) {
            caller.get();
        }
        callers.shutdown();
        assertThat(store.rebuildAggregate(Accounts.ACCOUNT, "ada"))
                .satisfies(ada -> assertThat(ada.state().balance()).isEqualTo(800))
                .satisfies(ada -> assertThat(ada.version()).isEqualTo(800));
    }

    @Test
    void commands_for_one_aggregate_wait_for_each_other_so_they_never_conflict_within_a_bus() throws Exception {
        CommandBus impatient = busOver(store, options().withMaxAttempts(1));
        ExecutorService callers = Executors.newFixedThreadPool(8);
        List<Future<CommandResult>> all = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            all.add(callers.submit(() -> impatient.dispatch(new Deposit("ada", 1))));
        }
        for (Future<CommandResult> one : all) {
            one.get();
        }
        callers.shutdown();
        assertThat(storage.appends.get()).isEqualTo(400);
    }

    @Test
    void the_cache_forgets_the_least_recently_used() {
        CommandBus small = busOver(store, options().withCachedAggregates(1));
        for (int i = 0; i < 5_000; i++) {
            small.dispatch(new Open("account-" + i, "owner"));
        }
        int reads = storage.reads.get();
        small.dispatch(new Deposit("account-0", 1));
        assertThat(storage.reads.get()).isGreaterThan(reads);
    }

    private static CommandOptions options() {
        return CommandOptions.defaults().withBackoff(new Backoff(Duration.ofNanos(1_000), Duration.ofMillis(1)));
    }

    private static CommandBus busOver(EventStore store, CommandOptions options) {
        return CommandBus.builder(store)
                .handle(Open.class, Accounts.ACCOUNT, Open::id, Accounts::open)
                .handle(Deposit.class, Accounts.ACCOUNT, Deposit::id, Accounts::deposit)
                .handle(Withdraw.class, Accounts.ACCOUNT, Withdraw::id, Accounts::withdraw)
                .options(options)
                .build();
    }

    /** Another node appends. */
    private void elsewhere(Fact fact) {
        new EventStore(storage.delegate, store.serializer()).append(ADA, ExpectedVersion.any(), List.of(fact));
    }

    /** Counts calls, and fails the way a network does. */
    private static final class CountingStorage implements EventStorage {

        private final EventStorage delegate;
        private final AtomicInteger reads = new AtomicInteger();
        private final AtomicInteger appends = new AtomicInteger();
        private volatile Consumer<Append> beforeAppend = append -> {};
        private final AtomicInteger answersToLose = new AtomicInteger();

        private CountingStorage(EventStorage delegate) {
            this.delegate = delegate;
        }

        @Override
        public AppendResult append(Append append) {
            appends.incrementAndGet();
            beforeAppend.accept(append);
            AppendResult result = delegate.append(append);
            if (answersToLose.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new AppendOutcomeUnknownException(append, new IOException("connection reset"));
            }
            return result;
        }

        @Override
        public List<StoredEvent<EventRecord>> readAggregate(AggregateId id, long fromVersion, int limit) {
            reads.incrementAndGet();
            return delegate.readAggregate(id, fromVersion, limit);
        }

        @Override
        public EventPage readAll(long afterPosition, EventFilter filter, int limit) {
            return delegate.readAll(afterPosition, filter, limit);
        }

        @Override
        public long awaitVisible(long position, Duration timeout) throws InterruptedException {
            return delegate.awaitVisible(position, timeout);
        }
    }
}
