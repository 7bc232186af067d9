package io.eda.outbox;

import io.eda.bus.EventBus;
import io.eda.event.EventRecord;
import io.eda.store.StoredEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What is published and not confirmed, the oldest first, within limits. Used by one thread. */
final class Unconfirmed {

    // Small enough that limits are kept closely, large enough for a transport to send them together.
    private static final int MAX_AT_ONCE = 200;

    private final EventBus bus;
    private final RelayLimits limits;
    private final RelayMeters meters;
    private final Deque<Published> published = new ArrayDeque<>();
    private long bytes;

    Unconfirmed(EventBus bus, RelayLimits limits, RelayMeters meters) {
        this.bus = bus;
        this.limits = limits;
        this.meters = meters;
    }

    boolean isEmpty() {
        return published.isEmpty();
    }

    int size() {
        return published.size();
    }

    /** Publishes as many of {@code events} as there is room for, and returns how many: at least one where nothing is under way. */
    int publish(List<StoredEvent<EventRecord>> events) {
        List<EventRecord> records = new ArrayList<>();
        long room = limits.bytes() - bytes;
        int most = Math.min(Math.min(events.size(), MAX_AT_ONCE), limits.events() - published.size());
        for (int i = 0; i < most; i++) {
            int size = sizeOf(events.get(i));
            boolean isAlone = published.isEmpty() && records.isEmpty();
            if (size > room && !isAlone) {
                break;
            }
            room -= size;
            records.add(events.get(i).event());
        }
        if (!records.isEmpty()) {
            List<CompletableFuture<Void>> futures = bus.publishRecords(records);
            meters.unconfirmed(futures.size());
            for (int i = 0; i < futures.size(); i++) {
                bytes += sizeOf(events.get(i));
                published.add(new Published(events.get(i), futures.get(i)));
            }
        }
        return records.size();
    }

    boolean isOldestDone() {
        return !published.isEmpty() && published.element().future.isDone();
    }

    /** Returns the event that waits longest for its confirmation. */
    StoredEvent<EventRecord> oldest() {
        return published.element().event;
    }

    /** Waits for the oldest, for a limited time; an event that failed stays the oldest. */
    void confirmOldest(Duration patience) throws InterruptedException, ExecutionException, TimeoutException {
        try {
            published.element().future.get(Math.max(patience.toNanos(), 0), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            meters.failed();
            throw e;
        }
        removeOldest();
        meters.confirmed();
    }

    /** Waits for the oldest as long as it takes; an event that failed stays the oldest. */
    void confirmOldest() throws InterruptedException, ExecutionException {
        published.element().future.get();
        removeOldest();
        meters.confirmed();
    }

    void removeOldest() {
        bytes -= sizeOf(published.remove().event);
        meters.unconfirmed(-1);
    }

    /**
     * Lets everything under way come to its end, well or ill, so that nothing of it arrives behind what is published again.
     * A transport answers by its own deadline; one that does not is left behind after {@code patience}.
     */
    void settle(Duration patience) throws InterruptedException {
        CompletableFuture<?>[] futures =
                published.stream().map(one -> one.future).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(futures).get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // Either way these are published again from the first one that was not confirmed.
        }
        forget();
    }

    /** Leaves what is under way to itself. */
    void forget() {
        meters.unconfirmed(-published.size());
        published.clear();
        bytes = 0;
    }

    /** Returns why a publish failed. */
    static Throwable reason(ExecutionException e) {
        return e.getCause() == null ? e : e.getCause();
    }

    private static int sizeOf(StoredEvent<EventRecord> stored) {
        return stored.event().data().length;
    }

    private record Published(StoredEvent<EventRecord> event, CompletableFuture<Void> future) {}
}
