package io.eda.projection;

import io.eda.event.AggregateId;
import io.eda.event.Event;
import io.eda.event.EventRecord;
import io.eda.intervention.Intervention;
import io.eda.store.EventFilter;
import io.eda.store.EventStore;
import io.eda.store.StoredEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a projection could not handle: to be looked at, replayed once the reason is gone, or dropped. Works from any node,
 * beside the running projection, and never moves its checkpoint. Each replay and drop is written down in the
 * checkpoint store's {@linkplain CheckpointStore#interventions interventions}.
 *
 * <p>Thread-safe.
 *
 * @param <C> what the projection writes with
 */
public final class ParkedEvents<C> {

    // How many events one transaction replays or drops.
    private static final int BATCH = 100;

    private final Projection<C> projection;
    private final EventStore store;
    private final CheckpointStore<C> checkpoints;

    /** Opens what is parked of {@code projection}. */
    public ParkedEvents(Projection<C> projection, EventStore store, CheckpointStore<C> checkpoints) {
        this.projection = projection;
        this.store = store;
        this.checkpoints = checkpoints;
    }

    /** Returns the aggregates whose events wait. */
    public Set<AggregateId> aggregates() {
        return checkpoints.failedEvents().parkedAggregates(projection.name());
    }

    /** Returns failed events behind {@code afterPosition}, skipped and parked ones, {@code limit} at most. */
    public List<FailedEvent> list(long afterPosition, int limit) {
        return checkpoints.failedEvents().list(projection.name(), afterPosition, limit);
    }

    /**
     * Handles the parked events of an aggregate in their order, read from the store anew and brought up to date by its
     * upcasters. Those that succeed before one fails are done; that one and the later ones stay parked.
     *
     * @return how many were handled
     * @throws EventNotHandledException if one fails again
     */
    public int replay(AggregateId aggregateId) throws Exception {
        int handled = 0;
        while (replayFirst(aggregateId)) {
            handled++;
        }
        return handled;
    }

    /** Forgets the parked events of an aggregate: they never reach the read model. Returns how many there were. */
    public int drop(AggregateId aggregateId) throws Exception {
        int[] dropped = {0};
        int before;
        do {
            before = dropped[0];
            checkpoints.run(context -> {
                for (FailedEvent parked : parkedOf(context, aggregateId, BATCH)) {
                    note(Intervention.Action.DROP, stored(parked).event());
                    checkpoints.failedEvents().remove(context, projection.name(), parked.position());
                    dropped[0]++;
                }
            });
        } while (dropped[0] - before == BATCH);
        return dropped[0];
    }

    /** One event a transaction: what was handled stays handled when the next one fails. */
    private boolean replayFirst(AggregateId aggregateId) throws Exception {
        List<FailedEvent> first = new ArrayList<>();
        try {
            checkpoints.run(context -> {
                first.clear();
                first.addAll(parkedOf(context, aggregateId, 1));
                for (FailedEvent parked : first) {
                    EventRecord record = stored(parked).event();
                    note(Intervention.Action.REPLAY, record);
                    for (Event<?> event : store.serializer().deserialize(record)) {
                        projection.apply(event, context);
                    }
                    checkpoints.failedEvents().remove(context, projection.name(), parked.position());
                }
            });
        } catch (Exception e) {
            if (first.isEmpty() || checkpoints.isOutage(e)) {
                throw e;
            }
            FailedEvent parked = first.get(0);
            throw new EventNotHandledException(projection.name(), stored(parked), parked.attempts() + 1, e);
        }
        return !first.isEmpty();
    }

    /** Not in the transaction of the work: that somebody tried is true as well where it fails. */
    private void note(Intervention.Action action, EventRecord event) {
        checkpoints
                .interventions()
                .note(List.of(new Intervention(
                        event.eventId(), action, Intervention.Site.PROJECTION, projection.name(), Instant.now())));
    }

    private StoredEvent<EventRecord> stored(FailedEvent parked) {
        return store.storage()
                .readAll(parked.position() - 1, EventFilter.all(), 1)
                .events()
                .get(0);
    }

    private List<FailedEvent> parkedOf(C context, AggregateId aggregateId, int limit) throws Exception {
        return checkpoints.failedEvents().parkedOf(context, projection.name(), aggregateId, limit);
    }
}
