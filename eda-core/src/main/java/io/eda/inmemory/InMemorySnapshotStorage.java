package io.eda.inmemory;

import io.eda.event.AggregateId;
import io.eda.store.Snapshot;
import io.eda.store.SnapshotStorage;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Snapshots in the memory of this process. */
public final class InMemorySnapshotStorage implements SnapshotStorage {

    private final Map<AggregateId, Snapshot> snapshots = new ConcurrentHashMap<>();

    /** Opens a storage without snapshots. */
    public InMemorySnapshotStorage() {}

    @Override
    public Optional<Snapshot> load(AggregateId aggregateId, int schemaVersion) {
        return Optional.ofNullable(snapshots.get(aggregateId)).filter(s -> s.schemaVersion() == schemaVersion);
    }

    @Override
    public void save(Snapshot snapshot) {
        snapshots.merge(snapshot.aggregateId(), snapshot, InMemorySnapshotStorage::newer);
    }

    @Override
    public void delete(AggregateId aggregateId) {
        snapshots.remove(aggregateId);
    }

    private static Snapshot newer(Snapshot old, Snapshot saved) {
        boolean isOlderSchema = saved.schemaVersion() < old.schemaVersion();
        boolean isOlderState = saved.schemaVersion() == old.schemaVersion() && saved.version() < old.version();
        return isOlderSchema || isOlderState ? old : saved;
    }
}
