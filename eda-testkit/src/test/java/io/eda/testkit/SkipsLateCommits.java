package io.eda.testkit;

import io.eda.event.AggregateId;
import io.eda.event.EventRecord;
import io.eda.inmemory.InMemoryEventStorage;
import io.eda.store.Append;
import io.eda.store.AppendResult;
import io.eda.store.EventFilter;
import io.eda.store.EventPage;
import io.eda.store.EventStorage;
import io.eda.store.StoredEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * What one gets by reading to the greatest position that is there: positions are drawn first and events become visible
 * later, in another order.
 */
final class SkipsLateCommits implements EventStorage {

    private final EventStorage versions = new InMemoryEventStorage();
    private final AtomicLong drawn = new AtomicLong();
    private final ConcurrentSkipListMap<Long, StoredEvent<EventRecord>> committed = new ConcurrentSkipListMap<>();

    @Override
    public AppendResult append(Append append) {
        int count = append.events().size();
        long last = drawn.addAndGet(count);
        AppendResult result = versions.append(append);
        // The commit takes as long as it takes.
        LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(1_000_000));
        List<StoredEvent<EventRecord>> stored =
                versions.readAggregate(append.aggregateId(), result.lastVersion() - count + 1, count);
        for (int i = 0; i < count; i++) {
            long position = last - count + 1 + i;
            committed.put(position, new StoredEvent<>(position, stored.get(i).event()));
        }
        return new AppendResult(result.lastVersion(), last);
    }

    @Override
    public List<StoredEvent<EventRecord>> readAggregate(AggregateId aggregateId, long fromVersion, int limit) {
        return versions.readAggregate(aggregateId, fromVersion, limit);
    }

    @Override
    public EventPage readAll(long afterPosition, EventFilter filter, int limit) {
        List<StoredEvent<EventRecord>> events = committed.tailMap(afterPosition, false).values().stream()
                .filter(stored -> filter.accepts(stored.event().eventType().name()))
                .limit(limit)
                .toList();
        long visible = Math.max(afterPosition, visible());
        long end = events.size() == limit ? events.get(limit - 1).position() : visible;
        return new EventPage(events, Math.min(end, visible), visible);
    }

    @Override
    public long awaitVisible(long position, Duration timeout) {
        return visible();
    }

    private long visible() {
        return committed.isEmpty() ? 0 : committed.lastKey();
    }
}
