package io.eda.bus;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a bus and its groups count, once it is bound to a registry; until then each method reads one field. Thread-safe. */
final class BusMeters {

    private final Map<String, GroupMeters> groups = new HashMap<>();
    private volatile @Nullable Bound bound;

    synchronized void bindTo(MeterRegistry registry) {
        if (bound != null) {
            throw new IllegalStateException(
                    "This bus is bound already: to several registries it is bound as to one, a CompositeMeterRegistry");
        }
        bound = new Bound(registry);
        groups.values().forEach(group -> group.bindTo(registry));
    }

    /** Returns the meters that all members of {@code group} share. */
    synchronized GroupMeters of(String group) {
        GroupMeters known = groups.get(group);
        if (known != null) {
            return known;
        }
        GroupMeters added = new GroupMeters(group);
        Bound meters = bound;
        if (meters != null) {
            added.bindTo(meters.registry);
        }
        groups.put(group, added);
        return added;
    }

    /** Returns when events were handed over, or 0 where nobody wants to know. */
    long begin() {
        return bound == null ? 0 : System.nanoTime();
    }

    /** Counts each of {@code futures} when it completes. */
    void published(List<CompletableFuture<Void>> futures, long begun) {
        Bound meters = bound;
        if (meters == null || begun == 0) {
            return;
        }
        long now = System.nanoTime();
        for (CompletableFuture<Void> future : futures) {
            // Most transports that answer at once do so for all: a callback and a look at the clock for each would cost
            // more than the timer.
            if (future.isDone()) {
                meters.answered(future.isCompletedExceptionally(), now - begun);
            } else {
                var unused = future.whenComplete(
                        (done, failure) -> meters.answered(failure != null, System.nanoTime() - begun));
            }
        }
    }

    private static final class Bound {

        private final MeterRegistry registry;
        private final Timer confirmed;
        private final Timer failed;

        private Bound(MeterRegistry registry) {
            this.registry = registry;
            confirmed = timer("confirmed");
            failed = timer("failed");
        }

        private Timer timer(String outcome) {
            return Timer.builder("eda.bus.publish")
                    .description("Events published, until the transport answered")
                    .tag("outcome", outcome)
                    .register(registry);
        }

        private void answered(boolean isFailure, long nanos) {
            (isFailure ? failed : confirmed).record(nanos, TimeUnit.NANOSECONDS);
        }
    }
}
