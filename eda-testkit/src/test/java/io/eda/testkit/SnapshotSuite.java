package io.eda.testkit;

import io.eda.event.AggregateId;
import io.eda.inmemory.InMemoryEventStorage;
import io.eda.inmemory.InMemorySnapshotStorage;
import io.eda.store.Snapshot;
import io.eda.store.SnapshotStorage;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The suite for snapshot storages over broken ones. */
final class SnapshotSuite extends SnapshotStorageContract implements SabotagedSuite<Supplier<SnapshotStorage>> {

    private Supplier<SnapshotStorage> opening = InMemorySnapshotStorage::new;

    static Stream<Saboteur> saboteurs() {
        return Stream.of(
                saboteur(
                        "replaces a newer snapshot with an older one",
                        "the newest counts",
                        "a_newer_state_replaces_an_older_one_and_not_the_other_way",
                        TakesTheLast::new),
                saboteur(
                        "hands out a snapshot of another schema",
                        "a snapshot of an older schema is ignored",
                        "a_newer_schema_replaces_an_older_one_and_not_the_other_way",
                        IgnoresTheSchema::new),
                saboteur(
                        "cuts the state of a snapshot",
                        "byte-exact",
                        "a_snapshot_comes_back_byte_for_byte",
                        CutsTheState::new),
                saboteur(
                        "does not forget what was deleted",
                        "deleting forgets it",
                        "deleting_forgets_it",
                        NeverDeletes::new));
    }

    private static Saboteur saboteur(String name, String breaks, String catcher, Supplier<SnapshotStorage> opening) {
        return new Saboteur(SnapshotSuite.class, null, name, breaks, catcher, opening);
    }

    @Override
    public void isGiven(Supplier<SnapshotStorage> given) {
        opening = given;
    }

    @Override
    protected Storages openStorages() {
        return new Storages(new InMemoryEventStorage(), opening.get());
    }

    private static class Passing implements SnapshotStorage {
        private final SnapshotStorage correct = new InMemorySnapshotStorage();

        @Override
        public Optional<Snapshot> load(AggregateId aggregateId, int schemaVersion) {
            return correct.load(aggregateId, schemaVersion);
        }

        @Override
        public void save(Snapshot snapshot) {
            correct.save(snapshot);
        }

        @Override
        public void delete(AggregateId aggregateId) {
            correct.delete(aggregateId);
        }
    }

    private static final class TakesTheLast extends Passing {
        @Override
        public void save(Snapshot snapshot) {
            delete(snapshot.aggregateId());
            super.save(snapshot);
        }
    }

    private static final class IgnoresTheSchema extends Passing {
        private final Map<AggregateId, Snapshot> saved = new ConcurrentHashMap<>();

        @Override
        public void save(Snapshot snapshot) {
            saved.put(snapshot.aggregateId(), snapshot);
        }

        @Override
        public Optional<Snapshot> load(AggregateId aggregateId, int schemaVersion) {
            return Optional.ofNullable(saved.get(aggregateId));
        }
    }

    private static final class CutsTheState extends Passing {
        @Override
        public void save(Snapshot s) {
            byte[] cut = Arrays.copyOf(s.state(), Math.min(s.state().length, 65_535));
            super.save(new Snapshot(s.aggregateId(), s.version(), s.position(), s.schemaVersion(), cut));
        }
    }

    private static final class NeverDeletes extends Passing {
        @Override
        public void delete(AggregateId aggregateId) {}
    }

    /** Says yes and keeps nothing. */
    static final class DoingNothing implements SnapshotStorage {
        @Override
        public Optional<Snapshot> load(AggregateId aggregateId, int schemaVersion) {
            return Optional.empty();
        }

        @Override
        public void save(Snapshot snapshot) {}

        @Override
        public void delete(AggregateId aggregateId) {}
    }
}
