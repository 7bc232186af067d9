package io.eda.inmemory;

import io.eda.event.AggregateId;
import io.eda.event.EventRecord;
import io.eda.store.Append;
import io.eda.store.AppendResult;
import io.eda.store.ConcurrencyConflictException;
import io.eda.store.EventFilter;
import io.eda.store.EventPage;
import io.eda.store.EventStorage;
import io.eda.store.ExpectedVersion;
import io.eda.store.NewEvent;
import io.eda.store.StoredEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The full contract of an event storage in the memory of this process; only durability ends with it.
 *
 * <p>One lock guards everything, and an append is visible when it returns. Byte arrays are copied in and out, because here
 * nothing else stands between the caller's array and history.
 */
public final class InMemoryEventStorage implements EventStorage {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition appended = lock.newCondition();

    // The event at position p is all.get(p - 1).
    private final List<StoredEvent<EventRecord>> all = new ArrayList<>();
    private final Map<AggregateId, List<StoredEvent<EventRecord>>> byAggregate = new HashMap<>();

    /** Opens a storage without events. */
    public InMemoryEventStorage() {}

    @Override
    public AppendResult append(Append append) {
        lock.lock();
        try {
            List<StoredEvent<EventRecord>> history =
                    byAggregate.computeIfAbsent(append.aggregateId(), id -> new ArrayList<>());
            if (append.expectedVersion() instanceof ExpectedVersion.Exactly expected
                    && expected.version() != history.size()) {
                return resultOfFirstTime(append, expected.version(), history);
            }
            for (NewEvent event : append.events()) {
                EventRecord record = event.at(append.aggregateId(), history.size() + 1L);
                StoredEvent<EventRecord> stored = new StoredEvent<>(all.size() + 1L, copyOf(record));
                all.add(stored);
                history.add(stored);
            }
            appended.signalAll();
            return new AppendResult(history.size(), all.size());
        } finally {
            lock.unlock();
        }
    }

    /** Answers an append that was done already, recognised by its ids, and refuses any other. */
    private static AppendResult resultOfFirstTime(
            Append append, long expected, List<StoredEvent<EventRecord>> history) {
        int from = (int) Math.min(expected, history.size());
        int to = Math.min(from + append.events().size(), history.size());
        List<StoredEvent<EventRecord>> standing = history.subList(from, to);
        boolean isRepeated = expected < history.size()
                && standing.stream()
                        .map(stored -> stored.event().eventId())
                        .toList()
                        .equals(append.events().stream().map(NewEvent::eventId).toList());
        if (!isRepeated) {
            throw new ConcurrencyConflictException(append.aggregateId(), append.expectedVersion(), history.size());
        }
        StoredEvent<EventRecord> last = standing.get(standing.size() - 1);
        return new AppendResult(last.event().aggregateVersion(), last.position());
    }

    @Override
    public List<StoredEvent<EventRecord>> readAggregate(AggregateId aggregateId, long fromVersion, int limit) {
        lock.lock();
        try {
            return byAggregate.getOrDefault(aggregateId, List.of()).stream()
                    .skip(Math.max(0, fromVersion - 1))
                    .limit(limit)
                    .map(InMemoryEventStorage::copyOf)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public EventPage readAll(long afterPosition, EventFilter filter, int limit) {
        lock.lock();
        try {
            int start = (int) Math.min(Math.max(afterPosition, 0), all.size());
            List<StoredEvent<EventRecord>> found = all.subList(start, all.size()).stream()
                    .filter(stored -> filter.accepts(stored.event().eventType().name()))
                    .limit(limit)
                    .map(InMemoryEventStorage::copyOf)
                    .toList();
            long visible = Math.max(afterPosition, all.size());
            boolean isFull = found.size() == limit && limit > 0;
            return new EventPage(found, isFull ? found.get(limit - 1).position() : visible, visible);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long awaitVisible(long position, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        lock.lockInterruptibly();
        try {
            for (long left = timeout.toNanos();
                    all.size() < position && left > 0;
                    left = deadline - System.nanoTime()) {
                boolean unused = appended.await(left, TimeUnit.NANOSECONDS);
            }
            return all.size();
        } finally {
            lock.unlock();
        }
    }

    private static StoredEvent<EventRecord> copyOf(StoredEvent<EventRecord> stored) {
        return new StoredEvent<>(stored.position(), copyOf(stored.event()));
    }

    private static EventRecord copyOf(EventRecord r) {
        return new EventRecord(
                r.eventId(),
                r.eventType(),
                r.timestamp(),
                r.correlationId(),
                r.causationId(),
                r.aggregateId(),
                r.aggregateVersion(),
                r.data().clone(),
                r.metadata());
    }
}
