package io.eda.store.postgres;

import io.eda.event.AggregateId;
import io.eda.event.EventRecord;
import io.eda.store.EventFilter;
import io.eda.store.EventPage;
import io.eda.store.EventStorage;
import io.eda.store.EventStorageException;
import io.eda.store.StoredEvent;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Follows a storage from its beginning and checks the order as it goes, so that it can do so for long. */
final class SoakFollower {

    private final EventStorage storage;
    private final int pageSize;
    private final Set<Long> seen = new HashSet<>();
    private final Map<AggregateId, Long> versions = new HashMap<>();
    private final Thread thread = new Thread(this::follow, "soak-follower");
    private long lastSeen;
    private long inversions;
    private long duplicates;
    private volatile long end = Long.MAX_VALUE;
    private volatile Optional<Throwable> surprise = Optional.empty();

    SoakFollower(EventStorage storage, int pageSize) {
        this.storage = storage;
        this.pageSize = pageSize;
    }

    SoakFollower start() {
        thread.start();
        return this;
    }

    private void follow() {
        long position = 0;
        try {
            while (position < end) {
                try {
                    EventPage page = storage.readAll(position, EventFilter.all(), pageSize);
                    page.events().forEach(this::see);
                    position = page.position();
                    if (page.isLast()) {
                        long unused = storage.awaitVisible(position + 1, Duration.ofMillis(200));
                    }
                } catch (EventStorageException e) {
                    if (e.getMessage().contains("lost events")) {
                        throw e;
                    }
                    // The server is away: the same position is read again.
                }
            }
        } catch (Throwable e) {
            surprise = Optional.of(e);
        }
    }

    private void see(StoredEvent<EventRecord> stored) {
        duplicates += seen.add(stored.position()) ? 0 : 1;
        long version = stored.event().aggregateVersion();
        Long before = versions.put(stored.event().aggregateId(), version);
        inversions += stored.position() <= lastSeen || version != (before == null ? 1 : before + 1) ? 1 : 0;
        lastSeen = stored.position();
    }

    /** Lets it read up to {@code position}, and waits for that. */
    void finishAt(long position, Duration patience) throws InterruptedException {
        end = position;
        thread.join(patience.toMillis());
        if (thread.isAlive()) {
            surprise = Optional.of(new AssertionError("A follower stands at " + lastSeen + ", the end is " + position));
        }
    }

    long missed(Set<Long> stored) {
        return stored.stream().filter(position -> !seen.contains(position)).count();
    }

    long foreign(Set<Long> stored) {
        return seen.stream().filter(position -> !stored.contains(position)).count();
    }

    long inversions() {
        return inversions;
    }

    long duplicates() {
        return duplicates;
    }

    Optional<Throwable> surprise() {
        return surprise;
    }
}
