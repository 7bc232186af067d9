package io.eda.projection;

import io.eda.event.AggregateId;
import io.eda.event.Event;
import io.eda.event.EventRecord;
import io.eda.projection.FailedEvent.Kind;
import io.eda.store.EventPage;
import io.eda.store.EventStore;
import io.eda.store.StoredEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pages of one shard of a projection, each applied in one transaction. Where that fails, the page is halved until the
 * event that fails stands alone: the others take effect before and behind it, and what becomes of it is decided for it
 * alone. No savepoints are needed, and no transaction is longer than a page.
 *
 * <p>Used by one thread.
 */
final class ProjectionPages<C> implements PageHandler {

    private static final Logger log = LoggerFactory.getLogger(ProjectionPages.class);

    // A checkpoint that moves over unwanted events alone is worth a write only now and then; whoever waits for it on
    // another node sees it after this time at the latest.
    private static final long UNWANTED_BEFORE_SAVING = 10_000;
    private static final Duration IDLE_BEFORE_SAVING = Duration.ofMillis(200);

    private final Projection<C> projection;
    private final EventStore store;
    private final CheckpointStore<C> checkpoints;
    private final FollowOptions options;
    private final Lease lease;
    private final ProjectionSignals signals;

    private final Set<AggregateId> parked = new HashSet<>();
    // Written by its one thread, read by the one that beats.
    private volatile ShardPosition at;
    private long seen;
    private long lastSave;
    private long failingPosition;
    private int attempts;

    ProjectionPages(
            Projection<C> projection,
            EventStore store,
            CheckpointStore<C> checkpoints,
            FollowOptions options,
            Lease lease,
            ProjectionSignals signals) {
        this.projection = projection;
        this.store = store;
        this.checkpoints = checkpoints;
        this.options = options;
        this.lease = lease;
        this.signals = signals;
        this.at = lease.start();
    }

    @Override
    public long load() {
        // The floors of a lease are those of its cut; a reset forgets them, so they are asked for with the position.
        at = checkpoints
                .leases()
                .position(lease)
                .orElseThrow(
                        () -> new LeaseLostException(lease.name(), lease.shard(), lease.epoch(), lease.epoch() + 1));
        parked.clear();
        parked.addAll(checkpoints.failedEvents().parkedAggregates(lease.name()));
        seen = at.position();
        lastSave = System.nanoTime();
        return at.position();
    }

    @Override
    public void handle(EventPage page) throws Exception {
        List<StoredEvent<EventRecord>> wanted = page.events().stream()
                .filter(stored -> at.accepts(stored.event().aggregateId(), stored.position()))
                .toList();
        if (!wanted.isEmpty()) {
            apply(wanted, page.position());
        }
        seen = page.position();
        boolean isIdle = page.isLast() && System.nanoTime() - lastSave >= IDLE_BEFORE_SAVING.toNanos();
        if (seen - at.position() >= UNWANTED_BEFORE_SAVING || (seen > at.position() && isIdle)) {
            move(seen, context -> {});
        }
    }

    @Override
    public long savedPosition() {
        return at.position();
    }

    @Override
    public Duration patience() {
        return seen > at.position() ? IDLE_BEFORE_SAVING : LONGEST_WAIT;
    }

    /** Applies events, after which the shard stands at {@code end}. */
    private void apply(List<StoredEvent<EventRecord>> events, long end) throws Exception {
        int done = 0;
        // What failed before is tried alone first: its page has been halved down to it already. Where work cannot be
        // undone, every event goes alone, so that none is repeated because of another.
        boolean isOneByOne = !checkpoints.undoesFailedWork();
        while (done < events.size() && (isOneByOne || events.get(done).position() == failingPosition)) {
            StoredEvent<EventRecord> event = events.get(done++);
            applyAlone(event, done == events.size() ? end : events.get(done).position() - 1);
        }
        if (done < events.size()) {
            applyOrHalve(events.subList(done, events.size()), end);
        }
    }

    private void applyOrHalve(List<StoredEvent<EventRecord>> events, long end) throws Exception {
        if (events.size() == 1) {
            applyAlone(events.get(0), end);
            return;
        }
        try {
            applyTogether(events, end);
        } catch (Exception e) {
            if (isNotAboutAnEvent(e)) {
                throw e;
            }
            int half = events.size() / 2;
            applyOrHalve(events.subList(0, half), events.get(half).position() - 1);
            applyOrHalve(events.subList(half, events.size()), end);
        }
    }

    private void applyAlone(StoredEvent<EventRecord> stored, long end) throws Exception {
        try {
            applyTogether(List.of(stored), end);
            failingPosition = 0;
        } catch (Exception e) {
            if (isNotAboutAnEvent(e)) {
                throw e;
            }
            attempts = failingPosition == stored.position() ? attempts + 1 : 1;
            failingPosition = stored.position();
            if (attempts < options.attempts() || options.onFailure() == OnFailure.PAUSE) {
                throw new EventNotHandledException(projection.name(), stored, attempts, e);
            }
            giveUp(stored, end, e);
            failingPosition = 0;
        }
    }

    private void giveUp(StoredEvent<EventRecord> stored, long end, Exception reason) throws Exception {
        Kind kind = options.onFailure() == OnFailure.SKIP ? Kind.SKIPPED : Kind.PARKED;
        AggregateId id = stored.event().aggregateId();
        FailedEvent failed = new FailedEvent(stored.position(), id, kind, attempts, reason.toString());
        move(end, context -> checkpoints.failedEvents().add(context, projection.name(), failed));
        if (kind == Kind.PARKED) {
            parked.add(id);
        }
        signals.gaveUp(kind);
        log.atWarn()
                .addKeyValue("name", projection.name())
                .addKeyValue("eventId", stored.event().eventId())
                .addKeyValue("position", stored.position())
                .addKeyValue("attempts", attempts)
                .addKeyValue("outcome", kind)
                .setCause(reason)
                .log(
                        "'{}' could not handle the event {} of {} at position {} in {} attempts: {}",
                        projection.name(),
                        stored.event().eventId(),
                        id,
                        stored.position(),
                        attempts,
                        kind);
    }

    private void applyTogether(List<StoredEvent<EventRecord>> events, long end) throws Exception {
        signals.page(events, () -> applyInOne(events, end));
    }

    /** Applies events in one transaction, and returns how many were parked behind others. */
    private int applyInOne(List<StoredEvent<EventRecord>> events, long end) throws Exception {
        Set<AggregateId> freed = new HashSet<>();
        int[] behind = {0};
        move(end, context -> {
            // A store that repeats its work must find the same.
            freed.clear();
            behind[0] = 0;
            List<Event<?>> wanted = new ArrayList<>(events.size());
            for (StoredEvent<EventRecord> stored : events) {
                if (isParked(stored, context, freed)) {
                    behind[0]++;
                } else {
                    wanted.addAll(store.serializer().deserialize(stored.event()));
                }
            }
            projection.apply(wanted, context);
        });
        parked.removeAll(freed);
        return behind[0];
    }

    /** Parks the event if others of its aggregate are: asked in the transaction, because a replay may just have ended. */
    private boolean isParked(StoredEvent<EventRecord> stored, C context, Set<AggregateId> freed) throws Exception {
        AggregateId id = stored.event().aggregateId();
        if (!parked.contains(id) || freed.contains(id)) {
            return false;
        }
        FailedEvent waiting = new FailedEvent(stored.position(), id, Kind.PARKED, 0, "");
        if (checkpoints.failedEvents().parkBehind(context, projection.name(), waiting)) {
            return true;
        }
        freed.add(id);
        return false;
    }

    private void move(long to, CheckpointStore.Work<C> work) throws Exception {
        checkpoints.advance(CheckpointMove.under(lease, at.position(), to), work);
        at = at.at(to);
        lastSave = System.nanoTime();
    }

    private boolean isNotAboutAnEvent(Exception e) {
        return e instanceof LeaseLostException
                || e instanceof CheckpointConflictException
                || e instanceof InterruptedException
                || checkpoints.isOutage(e);
    }
}
