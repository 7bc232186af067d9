package io.eda.observation;

import io.eda.event.AggregateId;
import io.eda.event.EventRecord;
import io.eda.observation.Outcome.Failing;
import io.eda.observation.Outcome.NotWanted;
import io.eda.observation.Outcome.NotYet;
import io.eda.observation.Outcome.Parked;
import io.eda.observation.Outcome.Passed;
import io.eda.observation.Outcome.Skipped;
import io.eda.outbox.EventNotPublishedException;
import io.eda.projection.CheckpointStore;
import io.eda.projection.EventNotHandledException;
import io.eda.projection.FailedEvent;
import io.eda.projection.Feed;
import io.eda.projection.Progress;
import io.eda.projection.ShardPosition;
import io.eda.store.StoredEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A projection or a relay: its checkpoint tells what it has passed, the failed events what it could not.
 *
 * @param place which one
 * @param feed what it follows
 * @param checkpoints where its checkpoint stands
 * @param progress why it stands, where it runs in this process
 */
record FollowerPart(Place place, Feed feed, CheckpointStore<?> checkpoints, Supplier<Progress> progress)
        implements Part {

    @Override
    public Answers ask(Question question) {
        // In this order: what is parked is noted before, or with, the move of the checkpoint behind it. Asked the other
        // way round, an event that is parked in between would pass for handled.
        List<ShardPosition> shards = checkpoints.shards(feed.name());
        Map<Long, FailedEvent> failed = new HashMap<>();
        int limit = question.limits().letters();
        List<FailedEvent> listed = checkpoints.failedEvents().list(feed.name(), question.firstPosition() - 1, limit);
        listed.forEach(event -> failed.put(event.position(), event));
        long listedTo =
                listed.size() < limit ? Long.MAX_VALUE : listed.get(limit - 1).position();
        Optional<Throwable> standing = progress.get().failure();
        return stored -> Passage.of(place, outcome(stored, shards, failedAt(stored, failed, listedTo), standing));
    }

    private Optional<FailedEvent> failedAt(
            StoredEvent<EventRecord> stored, Map<Long, FailedEvent> failed, long listedTo) {
        if (stored.position() <= listedTo) {
            return Optional.ofNullable(failed.get(stored.position()));
        }
        return checkpoints.failedEvents().list(feed.name(), stored.position() - 1, 1).stream()
                .filter(event -> event.position() == stored.position())
                .findFirst();
    }

    private Outcome outcome(
            StoredEvent<EventRecord> stored,
            List<ShardPosition> shards,
            Optional<FailedEvent> failed,
            Optional<Throwable> standing) {
        if (!feed.filter().accepts(stored.event().eventType().name())) {
            return new NotWanted();
        }
        if (failed.isPresent()) {
            FailedEvent event = failed.get();
            return event.kind() == FailedEvent.Kind.PARKED
                    ? new Parked(event.attempts(), event.error())
                    : new Skipped(event.attempts(), event.error());
        }
        long reached = reached(shards, stored.event().aggregateId());
        if (reached >= stored.position()) {
            return new Passed("its checkpoint is at " + reached);
        }
        return standing.flatMap(why -> failing(why, stored.position()))
                .orElseGet(() -> new NotYet("its checkpoint is at " + reached
                        + standing.map(why -> ", where it stands because of "
                                        + why.getClass().getSimpleName())
                                .orElse("")));
    }

    private static long reached(List<ShardPosition> shards, AggregateId aggregateId) {
        int slot = ShardPosition.slotOf(aggregateId);
        return shards.stream()
                .filter(shard -> slot % shard.shards() == shard.shard())
                .mapToLong(shard -> shard.floors().isEmpty()
                        ? shard.position()
                        : Math.max(shard.position(), shard.floors().get(slot)))
                .findFirst()
                .orElse(0);
    }

    private static Optional<Outcome> failing(Throwable why, long position) {
        if (why instanceof EventNotHandledException e && e.event().position() == position) {
            return Optional.of(new Failing(e.attempts(), String.valueOf(e.getCause())));
        }
        if (why instanceof EventNotPublishedException e && e.event().position() == position) {
            return Optional.of(new Failing(1, String.valueOf(e.getCause())));
        }
        return Optional.empty();
    }
}
