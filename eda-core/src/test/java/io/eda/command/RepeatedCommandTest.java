package io.eda.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eda.Accounts;
import io.eda.Accounts.Deposit;
import io.eda.Accounts.Deposited;
import io.eda.Accounts.Fact;
import io.eda.Accounts.Open;
import io.eda.Accounts.Withdraw;
import io.eda.event.AggregateId;
import io.eda.event.EventRecord;
import io.eda.inmemory.InMemoryEventStorage;
import io.eda.retry.Backoff;
import io.eda.serialization.JacksonEventSerializer;
import io.eda.store.Append;
import io.eda.store.AppendOutcomeUnknownException;
import io.eda.store.AppendResult;
import io.eda.store.EventFilter;
import io.eda.store.EventPage;
import io.eda.store.EventStorage;
import io.eda.store.EventStore;
import io.eda.store.ExpectedVersion;
import io.eda.store.StoredEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RepeatedCommandTest {

    private static final AggregateId ADA = Accounts.ACCOUNT.id("ada");

    private final WatchedStorage storage = new WatchedStorage(new InMemoryEventStorage());
    private final EventStore store = new EventStore(storage, new JacksonEventSerializer(Accounts.TYPES));

    @Test
    void a_command_that_comes_again_gets_its_first_outcome_and_no_second_effect() {
        CommandBus bus = remembering(10);
        CommandResult first = bus.dispatch(new Deposit("ada", 5), id("c-1"));
        bus.dispatch(new Deposit("ada", 7), id("c-2"));

        assertThat(bus.dispatch(new Deposit("ada", 5), id("c-1"))).isEqualTo(first);
        assertThat(bus.dispatch(new Deposit("ada", 7), id("c-2")).version()).isEqualTo(2);

        assertThat(balance()).isEqualTo(12);
    }

    @Test
    void without_being_asked_nothing_is_looked_for() {
        CommandBus bus = remembering(0);
        bus.dispatch(new Deposit("ada", 5), id("c-1"));
        bus.dispatch(new Deposit("ada", 5), id("c-1"));

        assertThat(balance()).isEqualTo(10);
    }

    @Test
    void a_node_that_never_saw_the_command_finds_it_behind_the_events() {
        CommandResult first = remembering(10).dispatch(new Deposit("ada", 5), id("c-1"));

        assertThat(remembering(10).dispatch(new Deposit("ada", 5), id("c-1"))).isEqualTo(first);
        assertThat(remembering(10, options().withCachedAggregates(0)).dispatch(new Deposit("ada", 5), id("c-1")))
                .isEqualTo(first);
        assertThat(balance()).isEqualTo(5);
    }

    @Test
    void a_node_whose_cache_is_behind_finds_it_when_its_append_conflicts() {
        CommandBus behind = remembering(10);
        behind.dispatch(new Deposit("ada", 1), id("c-0"));
        CommandResult first = remembering(10).dispatch(new Deposit("ada", 5), id("c-1"));

        assertThat(behind.dispatch(new Deposit("ada", 5), id("c-1"))).isEqualTo(first);
        assertThat(balance()).isEqualTo(6);
    }

    @Test
    void a_node_whose_cache_is_behind_finds_it_before_it_rejects() {
        CommandBus behind = remembering(10);
        behind.dispatch(new Deposit("ada", 1), id("c-0"));
        CommandBus other = remembering(10);
        other.dispatch(new Deposit("ada", 4), id("c-1"));
        CommandResult first = other.dispatch(new Withdraw("ada", 5), id("c-2"));

        // On what it has cached, and on what is true now, there is too little to withdraw.
        assertThat(behind.dispatch(new Withdraw("ada", 5), id("c-2"))).isEqualTo(first);
    }

    @Test
    void a_command_whose_answer_stayed_lost_is_answered_when_it_is_sent_again() {
        CommandBus bus = remembering(10, options().withMaxAttempts(3));
        storage.answersToLose.set(100);
        assertThatThrownBy(() -> bus.dispatch(new Deposit("ada", 5), id("c-1")))
                .isInstanceOf(AppendOutcomeUnknownException.class);
        storage.answersToLose.set(0);

        assertThat(bus.dispatch(new Deposit("ada", 5), id("c-1"))).isEqualTo(new CommandResult(ADA, 1, 1, 1));
        assertThat(balance()).isEqualTo(5);
    }

    @Test
    void a_rejected_command_is_decided_again() {
        CommandBus bus = remembering(10);
        assertThatThrownBy(() -> bus.dispatch(new Withdraw("ada", 5), id("c-1")))
                .hasMessageContaining("0 cents");
        bus.dispatch(new Deposit("ada", 5), id("c-2"));

        assertThat(bus.dispatch(new Withdraw("ada", 5), id("c-1")).version()).isEqualTo(2);
    }

    @Test
    void a_command_of_several_events_is_answered_with_all_of_them_wherever_one_looks_from() {
        for (int others = 0; others < 8; others++) {
            String account = "several-" + others;
            CommandResult first = threeAtOnce(4).dispatch(new Deposit(account, 1), id("many"));
            for (int i = 0; i < others; i++) {
                threeAtOnce(0).dispatch(new Withdraw(account, 1), id("other-" + i));
            }
            CommandResult again = threeAtOnce(4).dispatch(new Deposit(account, 1), id("many"));

            // It is in sight as long as one of its three is among the last four.
            boolean isInSight = others <= 3;
            assertThat(again.equals(first)).as("behind %s others", others).isEqualTo(isInSight);
        }
    }

    @Test
    void it_is_remembered_over_the_last_events_and_not_longer() {
        CommandBus bus = remembering(3);
        CommandResult first = bus.dispatch(new Deposit("ada", 1), id("c-1"));
        bus.dispatch(new Deposit("ada", 1), id("c-2"));
        bus.dispatch(new Deposit("ada", 1), id("c-3"));
        assertThat(bus.dispatch(new Deposit("ada", 1), id("c-1"))).isEqualTo(first);

        bus.dispatch(new Deposit("ada", 1), id("c-4"));
        assertThat(bus.dispatch(new Deposit("ada", 1), id("c-1")).version()).isEqualTo(5);
        assertThat(remembering(3).dispatch(new Deposit("ada", 1), id("c-2")).version())
                .isEqualTo(6);
    }

    @Test
    void a_cached_aggregate_costs_no_read() {
        CommandBus bus = remembering(10);
        bus.dispatch(new Open("ada", "Ada"), id("open"));
        int reads = storage.reads.get();
        for (int i = 0; i < 50; i++) {
            bus.dispatch(new Deposit("ada", 1), id("c-" + i));
        }
        assertThat(bus.dispatch(new Deposit("ada", 1), id("c-49")).version()).isEqualTo(51);
        assertThat(storage.reads.get()).isEqualTo(reads);
    }

    @Test
    void a_long_history_is_read_from_the_window_on() {
        for (int i = 0; i < 3; i++) {
            store.append(ADA, ExpectedVersion.any(), Collections.nCopies(400, new Deposited(1)));
        }
        CommandResult first = remembering(1_000).dispatch(new Deposit("ada", 1), id("c-1"));
        store.append(ADA, ExpectedVersion.any(), Collections.nCopies(990, new Deposited(1)));

        assertThat(remembering(1_000).dispatch(new Deposit("ada", 1), id("c-1")))
                .isEqualTo(first);
    }

    @Test
    void of_racing_repetitions_on_many_nodes_one_has_the_effect_and_all_get_its_outcome() throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(8);
        List<CommandBus> nodes = List.of(remembering(1_000), remembering(1_000), remembering(1_000));
        List<Callable<CommandResult>> calls = new ArrayList<>();
        for (int command = 0; command < 100; command++) {
            for (CommandBus node : nodes) {
                String id = "c-" + command;
                calls.add(() -> node.dispatch(new Deposit("ada", 1), id(id)));
            }
        }
        List<Future<CommandResult>> answers = callers.invokeAll(calls);
        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i).get()).isEqualTo(answers.get(i - i % 3).get());
        }
        callers.shutdown();
        assertThat(balance()).isEqualTo(100);
    }

    @Test
    void a_window_that_cannot_work_is_refused() {
        assertThatThrownBy(() -> options().withRememberedEvents(-1)).hasMessageContaining("0, for none");
        assertThatThrownBy(() -> options().withRememberedEvents(10_001)).hasMessageContaining("10000");
    }

    private long balance() {
        return store.rebuildAggregate(Accounts.ACCOUNT, "ada").state().balance();
    }

    private static CommandContext id(String commandId) {
        return CommandContext.startedBy(commandId);
    }

    private static CommandOptions options() {
        return CommandOptions.defaults()
                .withMaxAttempts(1_000)
                .withBackoff(new Backoff(Duration.ofNanos(1_000), Duration.ofMillis(1)));
    }

    private CommandBus remembering(int events) {
        return remembering(events, options());
    }

    private CommandBus remembering(int events, CommandOptions options) {
        return CommandBus.builder(store)
                .handle(Open.class, Accounts.ACCOUNT, Open::id, Accounts::open)
                .handle(Deposit.class, Accounts.ACCOUNT, Deposit::id, Accounts::deposit)
                .handle(Withdraw.class, Accounts.ACCOUNT, Withdraw::id, Accounts::withdraw)
                .options(options.withRememberedEvents(events))
                .build();
    }

    /** A deposit comes in three parts. */
    private CommandBus threeAtOnce(int events) {
        return CommandBus.builder(store)
                .handle(
                        Deposit.class,
                        Accounts.ACCOUNT,
                        Deposit::id,
                        (deposit, account) -> List.<Fact>of(new Deposited(1), new Deposited(1), new Deposited(1)))
                .handle(
                        Withdraw.class,
                        Accounts.ACCOUNT,
                        Withdraw::id,
                        (withdraw, account) -> List.<Fact>of(new Deposited(0)))
                .options(options().withRememberedEvents(events))
                .build();
    }

    /** Counts reads, and loses answers as a network does. */
    private static final class WatchedStorage implements EventStorage {

        private final EventStorage delegate;
        private final AtomicInteger reads = new AtomicInteger();
        private final AtomicInteger answersToLose = new AtomicInteger();

        private WatchedStorage(EventStorage delegate) {
            this.delegate = delegate;
        }

        @Override
        public AppendResult append(Append append) {
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
