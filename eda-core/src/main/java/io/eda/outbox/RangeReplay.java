package io.eda.outbox;

import io.eda.bus.EventBus;
import io.eda.event.EventRecord;
import io.eda.projection.Feed;
import io.eda.store.EventPage;
import io.eda.store.StoredEvent;
import io.eda.transport.PublishException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Publishes a stretch of the history to a destination of its own, such as a bus over a transport with another topic. Moves no
 * checkpoint, so relays know nothing of it. Immutable and thread-safe.
 */
public final class RangeReplay {

    private static final int PAGE = 500;

    private final Feed feed;
    private final Destination destination;
    private final RelayLimits limits;

    /** Prepares to publish the events of {@code feed}, whose name is for errors, to {@code bus}. */
    public RangeReplay(Feed feed, EventBus bus, RelayLimits limits) {
        this(feed, Destination.of(bus), limits);
    }

    RangeReplay(Feed feed, Destination destination, RelayLimits limits) {
        this.feed = feed;
        this.destination = destination;
        this.limits = limits;
    }

    /** Returns a copy that publishes the events that pass {@code wanted} alone. */
    public RangeReplay where(Predicate<EventRecord> wanted) {
        return new RangeReplay(feed, destination.where(wanted), limits);
    }

    /** Returns a copy that publishes each event to the topic that {@code topics} names for it. */
    public RangeReplay topics(Function<EventRecord, String> topics) {
        return new RangeReplay(feed, destination.to(topics), limits);
    }

    /**
     * Publishes the events behind {@code after} up to {@code to}, and returns how many were once all are confirmed.
     *
     * @throws EventNotPublishedException if one could not be published; all before it were: go on behind them
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    public long run(long after, long to) throws InterruptedException {
        Unconfirmed unconfirmed = new Unconfirmed(destination, limits, new RelayMeters(feed.name()));
        long count = 0;
        long position = after;
        while (position < to) {
            EventPage page = feed.storage().readAll(position, feed.filter(), (int) Math.min(PAGE, to - position));
            List<StoredEvent<EventRecord>> wanted = new ArrayList<>();
            Optional<EventNotPublishedException> unknown = destination.choose(feed.name(), upTo(to, page), wanted);
            publish(wanted, unconfirmed);
            if (unknown.isPresent()) {
                confirmAll(unconfirmed);
                throw unknown.get();
            }
            count += wanted.size();
            position = page.position();
            if (page.isLast()) {
                break;
            }
        }
        confirmAll(unconfirmed);
        return count;
    }

    private static List<StoredEvent<EventRecord>> upTo(long to, EventPage page) {
        return page.events().stream().filter(stored -> stored.position() <= to).toList();
    }

    private void publish(List<StoredEvent<EventRecord>> events, Unconfirmed unconfirmed) throws InterruptedException {
        int published = 0;
        while (published < events.size()) {
            int more = unconfirmed.publish(events.subList(published, events.size()));
            published += more;
            if (more == 0) {
                confirm(unconfirmed);
            }
        }
    }

    private void confirmAll(Unconfirmed unconfirmed) throws InterruptedException {
        while (!unconfirmed.isEmpty()) {
            confirm(unconfirmed);
        }
    }

    private void confirm(Unconfirmed unconfirmed) throws InterruptedException {
        StoredEvent<EventRecord> oldest = unconfirmed.oldest();
        try {
            unconfirmed.confirmOldest();
        } catch (ExecutionException e) {
            Throwable reason = Unconfirmed.reason(e);
            boolean isPermanent = reason instanceof PublishException refusal && refusal.isPermanent();
            throw new EventNotPublishedException(feed.name(), oldest, isPermanent, reason);
        }
    }
}
