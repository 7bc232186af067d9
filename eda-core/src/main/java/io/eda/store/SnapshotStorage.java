package io.eda.store;

import io.eda.event.AggregateId;
import io.eda.event.EventRecord;
import java.util.List;
import java.util.Optional;

/**
 * Remembered states, as bytes: what an adapter implements for one database. It keeps one snapshot of an aggregate, the
 * newest, and may lose any at any time. Implementations are thread-safe.
 */
public interface SnapshotStorage {

    /** Returns the snapshot of the aggregate whose state has this schema version, if there is one. */
    Optional<Snapshot> load(AggregateId aggregateId, int schemaVersion);

    /** Keeps {@code snapshot} as the one of its aggregate, unless that has a newer schema version, or the same and a newer state. */
    void save(Snapshot snapshot);

    /** Forgets the snapshots of an aggregate. */
    void delete(AggregateId aggregateId);

    /**
     * Returns the snapshot and the events from its own version on, the event that it stands behind included; from version 1
     * where there is no snapshot. {@code limit} is that of {@link EventStorage#readAggregate}. An adapter that keeps both in
     * one database answers in one round trip.
     */
    default History loadWithTail(EventStorage events, AggregateId aggregateId, int schemaVersion, int limit) {
        Optional<Snapshot> snapshot = load(aggregateId, schemaVersion);
        long from = snapshot.map(Snapshot::version).orElse(1L);
        return new History(snapshot, events.readAggregate(aggregateId, from, limit));
    }

    /**
     * A snapshot with what came after it.
     *
     * @param snapshot the snapshot, if there is one
     * @param tail the events from the snapshot's own on
     */
    record History(Optional<Snapshot> snapshot, List<StoredEvent<EventRecord>> tail) {

        /** Copies the list. */
        public History {
            tail = List.copyOf(tail);
        }

        /** Returns whether the events reach up to the snapshot: one that is newer than its aggregate tells of lost events. */
        public boolean isCoherent() {
            return snapshot.isEmpty()
                    || (!tail.isEmpty()
                            && tail.get(0).event().aggregateVersion()
                                    == snapshot.get().version());
        }
    }
}
