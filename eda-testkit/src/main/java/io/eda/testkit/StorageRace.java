package io.eda.testkit;

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
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** Writers that fight for few aggregates, and followers who watch them from the first event to the last. */
final class StorageRace {

    private static final Duration WAIT = Duration.ofMillis(200);
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final Duration TO_CATCH_UP = Duration.ofSeconds(5);
    private static final int MAX_ATTEMPTS = 200;

    private final EventStorage storage;
    private final int appendsEach;
    private final List<AggregateId> aggregates = IntStream.range(0, 6)
            .mapToObj(i -> AggregateId.of("order", "race " + i))
            .toList();
    private final Queue<UUID> acknowledged = new ConcurrentLinkedQueue<>();
    private final AtomicInteger writersLeft;
    private final AtomicLong lastPosition = new AtomicLong();
    private final AtomicLong deadline = new AtomicLong(System.nanoTime() + DEADLINE.toNanos());

    StorageRace(EventStorage storage, int writers, int appendsEach) {
        this.storage = storage;
        this.appendsEach = appendsEach;
        this.writersLeft = new AtomicInteger(writers);
    }

    List<AggregateId> aggregates() {
        return aggregates;
    }

    /** Returns the ids of all events whose append returned. */
    Collection<UUID> acknowledged() {
        return acknowledged;
    }

    /** Runs the race and returns what each follower saw, in the order in which it did. */
    List<List<StoredEvent<EventRecord>>> run(List<Integer> pageSizes) throws Exception {
        List<Callable<List<StoredEvent<EventRecord>>>> tasks = new ArrayList<>();
        for (int pageSize : pageSizes) {
            tasks.add(() -> follow(pageSize));
        }
        for (int i = writersLeft.get(); i > 0; i--) {
            Random random = new Random(i);
            tasks.add(() -> write(random));
        }
        return Race.run(tasks).subList(0, pageSizes.size());
    }

    private List<StoredEvent<EventRecord>> write(Random random) {
        try {
            for (int i = 0; i < appendsEach; i++) {
                AggregateId id = aggregates.get(random.nextInt(aggregates.size()));
                writeOnce(id, random.nextBoolean(), 1 + random.nextInt(4));
            }
        } finally {
            if (writersLeft.decrementAndGet() == 0) {
                deadline.set(System.nanoTime() + TO_CATCH_UP.toNanos());
            }
        }
        return List.of();
    }

    private void writeOnce(AggregateId id, boolean isExact, int count) {
        List<NewEvent> events = EventSamples.events(count);
        for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
            ExpectedVersion expected = isExact ? ExpectedVersion.exactly(currentVersion(id)) : ExpectedVersion.any();
            try {
                AppendResult result = storage.append(new Append(id, expected, events));
                events.forEach(event -> acknowledged.add(event.eventId()));
                lastPosition.accumulateAndGet(result.lastPosition(), Math::max);
                return;
            } catch (ConcurrencyConflictException e) {
                // Another writer was first, which is what a race is for: look and try again.
                if (!isExact) {
                    throw e;
                }
            }
        }
        throw new AssertionError(
                id + " was never at the version that it was at just before, " + MAX_ATTEMPTS + " times");
    }

    private long currentVersion(AggregateId id) {
        return storage.readAggregate(id, 1, 5_000).size();
    }

    private List<StoredEvent<EventRecord>> follow(int pageSize) throws InterruptedException {
        List<StoredEvent<EventRecord>> seen = new ArrayList<>();
        long position = 0;
        while (System.nanoTime() < deadline.get()) {
            // In this order: once the writers had ended, the last position was known before the page was read.
            boolean isOver = writersLeft.get() == 0;
            EventPage page = storage.readAll(position, EventFilter.all(), pageSize);
            seen.addAll(page.events());
            position = page.position();
            if (isOver && page.isLast() && position >= lastPosition.get()) {
                return seen;
            }
            if (page.isLast()) {
                long unused = storage.awaitVisible(position + 1, WAIT);
            }
        }
        throw new AssertionError(
                "A follower stands at " + position + ", the last append returned " + lastPosition.get());
    }
}
