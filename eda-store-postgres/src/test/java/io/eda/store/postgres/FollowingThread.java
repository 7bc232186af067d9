package io.eda.store.postgres;

import io.eda.event.EventRecord;
import io.eda.store.EventFilter;
import io.eda.store.EventPage;
import io.eda.store.EventStorage;
import io.eda.store.EventStorageException;
import io.eda.store.StoredEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Follows a storage from its beginning, as projections do, and remembers what it saw; never looks back. */
final class FollowingThread {

    private final EventStorage storage;
    private final int pageSize;
    private final List<StoredEvent<EventRecord>> seen = new ArrayList<>();
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final Thread thread = new Thread(this::follow, "follower");
    private volatile Throwable failure = new IllegalStateException("did not end");
    private volatile long lastPosition = Long.MAX_VALUE;

    FollowingThread(EventStorage storage, int pageSize) {
        this.storage = storage;
        this.pageSize = pageSize;
    }

    FollowingThread start() {
        thread.start();
        return this;
    }

    private void follow() {
        long position = 0;
        try {
            while (!isOver.get() || position < lastPosition) {
                try {
                    EventPage page = storage.readAll(position, EventFilter.all(), pageSize);
                    seen.addAll(page.events());
                    position = page.position();
                    if (page.isLast()) {
                        long unused = storage.awaitVisible(position + 1, Duration.ofMillis(100));
                    }
                } catch (EventStorageException e) {
                    // The server may be away: the same position is read again.
                    long unused = position;
                }
            }
            failure = null;
        } catch (Throwable e) {
            failure = e;
        }
    }

    /** Lets it read up to {@code position} and returns everything that it saw, in the order in which it did. */
    List<StoredEvent<EventRecord>> seenUpTo(long position) throws InterruptedException {
        lastPosition = position;
        isOver.set(true);
        thread.join(30_000);
        if (failure != null) {
            throw new AssertionError("The follower failed", failure);
        }
        return seen;
    }
}
