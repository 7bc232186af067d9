package io.eda.outbox;

import io.eda.bus.EventBus;
import io.eda.event.EventRecord;
import io.eda.projection.Feed;
import io.eda.store.EventPage;
import io.eda.store.StoredEvent;
import io.eda.transport.PublishException;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * Publishes a stretch of the history to a destination of its own, such as a bus over a transport with another topic. Moves no
 * checkpoint, so relays know nothing of it. Immutable and thread-safe.
 */
public final class RangeReplay {

    private static final int PAGE = 500;

    private final Feed feed;
    private final EventBus destination;
    private final RelayLimits limits;

    /** Prepares to publish the events of {@code feed}, whose name is for errors, to {@code destination}. */
    public RangeReplay(Feed feed, EventBus destination, RelayLimits limits) {
        this.feed = feed;
        this.destination = destination;
        this.limits = limits;
    }

    /**
     * Publishes the events behind {@code after} up to {@code to}, and returns how many there were once all are confirmed.
     *
     * @throws EventNotPublishedException if one could not be published; all before it were: go on behind them
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    public long run(long after, long to) throws InterruptedException {
        Unconfirmed unconfirmed = new Unconfirmed(destination, limits, new RelayMeters(feed.name()));
        long count = 0;
        long position = after;
        while (position < to) {
            EventPage page = feed.storage().readAll(position, feed.filter(), PAGE);
            List<StoredEvent<EventRecord>> wanted = page.events().stream()
                    .filter(stored -> stored.position() <= to)
                    .toList();
            publish(wanted, unconfirmed);
            count += wanted.size();
            position = page.position();
            if (page.isLast()) {
                break;
            }
        }
        while (!unconfirmed.isEmpty()) {
            confirm(unconfirmed);
        }
        return count;
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
