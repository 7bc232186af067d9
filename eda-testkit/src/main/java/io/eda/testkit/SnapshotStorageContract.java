package io.eda.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.eda.event.AggregateId;
import io.eda.store.EventStorage;
import io.eda.store.ExpectedVersion;
import io.eda.store.Snapshot;
import io.eda.store.SnapshotStorage;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Proves the promises of {@link SnapshotStorage} for one implementation. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(60)
public abstract class SnapshotStorageContract {

    private static final AggregateId ORDER = AggregateId.of("order", "größe/42");

    @SuppressWarnings("NullAway.Init") // open() sets it before every test.
    private Storages storages;

    /** For subclasses. */
    protected SnapshotStorageContract() {}

    /**
     * A snapshot storage, and the event storage that it is used with.
     *
     * @param events without events
     * @param snapshots without snapshots
     */
    public record Storages(EventStorage events, SnapshotStorage snapshots) {}

    /** Opens both, empty; called before every test. */
    protected abstract Storages openStorages() throws Exception;

    @BeforeEach
    final void open() throws Exception {
        storages = openStorages();
    }

    @Test
    void there_is_no_snapshot_before_one_is_saved() {
        assertThat(storages.snapshots.load(ORDER, 1)).isEmpty();
        storages.snapshots.delete(ORDER);
        AggregateId other = AggregateId.of("order", "other");
        storages.snapshots.save(new Snapshot(other, 1, 1, 1, new byte[] {1}));
        assertThat(storages.snapshots.load(other, 1)).isPresent();
        assertThat(storages.snapshots.loadWithTail(storages.events, ORDER, 1, 10))
                .isEqualTo(new SnapshotStorage.History(Optional.empty(), List.of()));
    }

    @Test
    void a_snapshot_comes_back_byte_for_byte() {
        byte[] state = new byte[70_000];
        new Random(3).nextBytes(state);
        storages.snapshots.save(new Snapshot(ORDER, 7, 11, 3, state));
        assertSnapshot(storages.snapshots.load(ORDER, 3), 7, 11, state);
    }

    @Test
    void a_newer_state_replaces_an_older_one_and_not_the_other_way() {
        storages.snapshots.save(snapshot(7, 1));
        storages.snapshots.save(snapshot(9, 1));
        storages.snapshots.save(snapshot(8, 1));
        assertThat(storages.snapshots.load(ORDER, 1)).map(Snapshot::version).contains(9L);
    }

    @Test
    void a_newer_schema_replaces_an_older_one_and_not_the_other_way() {
        storages.snapshots.save(snapshot(9, 1));
        storages.snapshots.save(snapshot(7, 2));
        storages.snapshots.save(snapshot(12, 1));
        assertThat(storages.snapshots.load(ORDER, 1)).isEmpty();
        assertThat(storages.snapshots.load(ORDER, 2)).map(Snapshot::version).contains(7L);
    }

    @Test
    void deleting_forgets_it() {
        storages.snapshots.save(snapshot(9, 1));
        storages.snapshots.delete(ORDER);
        assertThat(storages.snapshots.load(ORDER, 1)).isEmpty();
        storages.snapshots.save(snapshot(3, 1));
        assertThat(storages.snapshots.load(ORDER, 1)).map(Snapshot::version).contains(3L);
    }

    @Test
    void every_aggregate_has_its_own() {
        storages.snapshots.save(snapshot(9, 1));
        assertThat(storages.snapshots.load(AggregateId.of("user", ORDER.id()), 1))
                .isEmpty();
        assertThat(storages.snapshots.load(AggregateId.of("order", "other"), 1)).isEmpty();
        assertThat(storages.snapshots.load(ORDER, 1)).map(Snapshot::version).contains(9L);
    }

    @Test
    void it_is_loaded_with_the_events_from_its_own_on() {
        storages.events.append(EventSamples.append(ORDER, ExpectedVersion.noEvents(), 12));
        assertThat(versions(1, 100)).containsExactlyElementsOf(versionsFrom(1, 12));
        storages.snapshots.save(snapshot(9, 1));
        assertSnapshot(history(1, 100).snapshot(), 9, 9, new byte[] {9});
        assertThat(versions(1, 100)).containsExactlyElementsOf(versionsFrom(9, 12));
        assertThat(versions(1, 2)).containsExactlyElementsOf(versionsFrom(9, 10));
        assertThat(history(1, 100).isCoherent()).isTrue();
        assertThat(versions(2, 100)).containsExactlyElementsOf(versionsFrom(1, 12));
    }

    @Test
    void one_that_is_newer_than_its_events_is_known_by_it() {
        storages.events.append(EventSamples.append(ORDER, ExpectedVersion.noEvents(), 3));
        storages.snapshots.save(snapshot(4, 1));
        assertThat(history(1, 100).isCoherent()).isFalse();
    }

    private SnapshotStorage.History history(int schemaVersion, int limit) {
        return storages.snapshots.loadWithTail(storages.events, ORDER, schemaVersion, limit);
    }

    private Iterable<Long> versions(int schemaVersion, int limit) {
        return history(schemaVersion, limit).tail().stream()
                .map(stored -> stored.event().aggregateVersion())
                .toList();
    }

    private static Iterable<Long> versionsFrom(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(i -> (long) i).toList();
    }

    private static Snapshot snapshot(int version, int schemaVersion) {
        return new Snapshot(ORDER, version, version, schemaVersion, new byte[] {(byte) version});
    }

    private static void assertSnapshot(Optional<Snapshot> found, long version, long position, byte[] state) {
        assertThat(found).hasValueSatisfying(snapshot -> {
            assertThat(snapshot.aggregateId()).isEqualTo(ORDER);
            assertThat(snapshot.version()).isEqualTo(version);
            assertThat(snapshot.position()).isEqualTo(position);
            assertThat(snapshot.state()).isEqualTo(state);
        });
    }
}
