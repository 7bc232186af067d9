package io.eda.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eda.Accounts;
import io.eda.Accounts.Account;
import io.eda.Accounts.Deposit;
import io.eda.Accounts.Deposited;
import io.eda.Accounts.Fact;
import io.eda.aggregate.Aggregate;
import io.eda.aggregate.AggregateState;
import io.eda.aggregate.SnapshotPlan;
import io.eda.aggregate.SnapshotPolicy;
import io.eda.command.CommandBus;
import io.eda.command.CommandOptions;
import io.eda.event.AggregateId;
import io.eda.inmemory.InMemoryEventStorage;
import io.eda.inmemory.InMemorySnapshotStorage;
import io.eda.serialization.JacksonEventSerializer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SnapshotsTest {

    private static final AggregateId ADA = Accounts.ACCOUNT.id("ada");

    private final JacksonEventSerializer json = new JacksonEventSerializer(Accounts.TYPES);
    private final InMemoryEventStorage events = new InMemoryEventStorage();
    private final InMemorySnapshotStorage snapshots = new InMemorySnapshotStorage();
    private final EventStore store = new EventStore(events, json).withSnapshots(snapshots, json);

    @Test
    void a_schema_version_below_1_is_refused() {
        assertThatThrownBy(() -> new SnapshotPlan<>(Account.class, 0, SnapshotPolicy.everyEvents(1)))
                .hasMessageContaining("versions start at 1");
    }

    @Test
    void a_snapshot_is_taken_when_due_and_loading_begins_there() {
        deposit(7);
        assertThat(balance(every(5))).isEqualTo(7);
        assertThat(snapshots.load(ADA, 1)).map(Snapshot::version).contains(7L);

        // Whoever folds from the snapshot believes it: this one claims more than the events.
        forge(7, 1, "{\"isOpen\":true,\"balance\":1000}");
        deposit(2);
        assertThat(balance(every(5))).isEqualTo(1_002);
    }

    @Test
    void a_snapshot_of_another_schema_version_is_ignored_and_replaced() {
        deposit(7);
        forge(7, 1, "{\"isOpen\":true,\"balance\":1000}");
        var renewed =
                Accounts.ACCOUNT.withSnapshots(new SnapshotPlan<>(Account.class, 2, SnapshotPolicy.everyEvents(5)));
        assertThat(balance(renewed)).isEqualTo(7);
        assertThat(snapshots.load(ADA, 1)).isEmpty();
        assertThat(snapshots.load(ADA, 2)).isPresent();
    }

    @Test
    void a_snapshot_newer_than_its_events_is_refused() {
        deposit(7);
        forge(8, 1, "{\"isOpen\":true,\"balance\":1000}");
        assertThat(balance(every(100))).isEqualTo(7);
        assertThat(snapshots.load(ADA, 1)).isEmpty();
    }

    @Test
    void a_snapshot_that_cannot_be_read_is_ignored() {
        deposit(7);
        forge(7, 1, "{\"isOpen\":");
        assertThat(balance(every(100))).isEqualTo(7);
    }

    @Test
    void a_place_that_fails_costs_nothing_but_time() {
        deposit(7);
        EventStore failing = new EventStore(events, json).withSnapshots(new ReadOnlyPlace(), json);
        assertThat(failing.rebuildAggregate(every(5), "ada").state().balance()).isEqualTo(7);
    }

    @Test
    void losing_every_snapshot_changes_nothing() {
        deposit(12);
        AggregateState<Account> before = store.rebuildAggregate(every(5), "ada");
        snapshots.delete(ADA);
        assertThat(store.rebuildAggregate(every(5), "ada")).isEqualTo(before);
    }

    @Test
    void a_tail_longer_than_a_page_is_read_to_its_end() {
        deposit(3);
        forge(3, 1, "{\"isOpen\":false,\"balance\":3}");
        deposit(1_300);
        assertThat(balance(every(1_000_000))).isEqualTo(1_303);
    }

    @Test
    void an_aggregate_without_a_plan_leaves_no_snapshot() {
        deposit(7);
        assertThat(balance(Accounts.ACCOUNT)).isEqualTo(7);
        assertThat(snapshots.load(ADA, 1)).isEmpty();
    }

    @Test
    void a_command_that_crosses_the_threshold_takes_one_without_loading() {
        CommandBus commands = CommandBus.builder(store)
                .handle(Deposit.class, every(10), Deposit::id, Accounts::deposit)
                .options(CommandOptions.defaults())
                .build();
        for (int i = 0; i < 25; i++) {
            commands.dispatch(new Deposit("ada", 1));
        }
        assertThat(snapshots.load(ADA, 1)).map(Snapshot::version).contains(20L);
        assertThat(balance(every(10))).isEqualTo(25);
    }

    @Test
    void policies_compose() {
        SnapshotPolicy either =
                SnapshotPolicy.everyEvents(10).or(SnapshotPolicy.whenLoadingTakes(Duration.ofMillis(50)));
        assertThat(either.isDue(1, 9, Duration.ofMillis(50))).isFalse();
        assertThat(either.isDue(1, 9, Duration.ofMillis(51))).isTrue();
        assertThat(either.isDue(9, 10, Duration.ZERO)).isTrue();
        assertThat(either.isDue(10, 19, Duration.ZERO)).isFalse();
    }

    private static Aggregate<Account, Fact> every(int versions) {
        return Accounts.ACCOUNT.withSnapshots(
                new SnapshotPlan<>(Account.class, 1, SnapshotPolicy.everyEvents(versions)));
    }

    private long balance(Aggregate<Account, Fact> aggregate) {
        return store.rebuildAggregate(aggregate, "ada").state().balance();
    }

    private void deposit(int events) {
        for (int left = events; left > 0; left -= 1_000) {
            store.append(ADA, ExpectedVersion.any(), Collections.nCopies(Math.min(left, 1_000), new Deposited(1)));
        }
    }

    private void forge(long version, int schemaVersion, String state) {
        snapshots.delete(ADA);
        snapshots.save(new Snapshot(ADA, version, version, schemaVersion, state.getBytes(StandardCharsets.UTF_8)));
    }

    /** A place on a full disk. */
    private static final class ReadOnlyPlace implements SnapshotStorage {
        @Override
        public Optional<Snapshot> load(AggregateId aggregateId, int schemaVersion) {
            return Optional.empty();
        }

        @Override
        public void save(Snapshot snapshot) {
            throw new EventStorageException("The disk is full");
        }

        @Override
        public void delete(AggregateId aggregateId) {
            throw new EventStorageException("The disk is full");
        }
    }
}
