package io.eda.store;

import io.eda.aggregate.AggregateState;
import io.eda.aggregate.SnapshotPlan;
import io.eda.event.EventRecord;
import io.eda.serialization.EventSerializationException;
import io.eda.serialization.StateSerializer;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Remembered states in objects. Whatever goes wrong with a snapshot, the events still tell the truth. */
record Snapshots(SnapshotStorage storage, StateSerializer serializer) {

    private static final Logger log = LoggerFactory.getLogger(Snapshots.class);

    /**
     * Where folding begins, and the first events to fold.
     *
     * @param isComplete whether there are no more events behind the tail
     */
    record Loaded<S>(AggregateState<S> state, List<StoredEvent<EventRecord>> tail, boolean isComplete) {}

    <S> Loaded<S> load(EventStorage events, AggregateState<S> initial, SnapshotPlan<S> plan, int limit) {
        var history = storage.loadWithTail(events, initial.aggregateId(), plan.schemaVersion(), limit);
        boolean isComplete = history.tail().size() < limit;
        if (history.snapshot().isEmpty()) {
            return new Loaded<>(initial, history.tail(), isComplete);
        }
        Snapshot snapshot = history.snapshot().get();
        if (!history.isCoherent()) {
            log.atWarn()
                    .addKeyValue("aggregate", initial.aggregateId())
                    .log(
                            "The snapshot of {} at version {} is newer than its events: events were lost, or the snapshot"
                                    + " comes from another database. It is refused and deleted.",
                            initial.aggregateId(),
                            snapshot.version());
            storage.delete(initial.aggregateId());
            return new Loaded<>(initial, List.of(), false);
        }
        try {
            S state = serializer.deserializeState(snapshot.state(), plan.stateClass());
            var from = new AggregateState<>(initial.aggregateId(), snapshot.version(), snapshot.position(), state);
            return new Loaded<>(from, history.tail().subList(1, history.tail().size()), isComplete);
        } catch (EventSerializationException e) {
            log.atWarn()
                    .addKeyValue("aggregate", initial.aggregateId())
                    .setCause(e)
                    .log("The snapshot of {} is ignored", initial.aggregateId());
            return new Loaded<>(initial, List.of(), false);
        }
    }

    <S> void saveIfDue(SnapshotPlan<S> plan, long knownVersion, AggregateState<S> state, Duration loadTime) {
        if (state.version() <= knownVersion || !plan.policy().isDue(knownVersion, state.version(), loadTime)) {
            return;
        }
        try {
            storage.save(new Snapshot(
                    state.aggregateId(),
                    state.version(),
                    state.position(),
                    plan.schemaVersion(),
                    serializer.serializeState(state.state())));
        } catch (RuntimeException e) {
            // The caller's work is done; a snapshot less costs the next load some time.
            log.atWarn()
                    .addKeyValue("aggregate", state.aggregateId())
                    .setCause(e)
                    .log("The snapshot of {} at version {} was not saved", state.aggregateId(), state.version());
        }
    }
}
