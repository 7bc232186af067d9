package io.eda.store;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What an event store counts, once it is bound to a registry; until then each method reads one field. Thread-safe. */
final class AppendMeters {

    /** What became of an append. */
    enum Outcome {
        STORED,
        CONFLICT,
        UNKNOWN,
        FAILED;

        final String tag = name().toLowerCase(Locale.ROOT);

        static Outcome of(@Nullable Throwable failure) {
            if (failure == null) {
                return STORED;
            }
            if (failure instanceof ConcurrencyConflictException) {
                return CONFLICT;
            }
            return failure instanceof AppendOutcomeUnknownException ? UNKNOWN : FAILED;
        }
    }

    private volatile @Nullable Bound bound;

    synchronized void bindTo(MeterRegistry registry) {
        if (bound != null) {
            throw new IllegalStateException(
                    "This event store is bound already: to several registries it is bound as to one,"
                            + " a CompositeMeterRegistry");
        }
        bound = new Bound(registry);
    }

    /** Returns when an append began, or 0 where nobody wants to know. */
    long begin() {
        return bound == null ? 0 : System.nanoTime();
    }

    void ended(Append append, Outcome outcome, long begun) {
        Bound meters = bound;
        if (meters == null || begun == 0) {
            return;
        }
        Timer timer = meters.timers.get(outcome);
        if (timer != null) {
            timer.record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
        }
        if (outcome == Outcome.STORED) {
            meters.events.increment(append.events().size());
        }
    }

    private static final class Bound {

        private final Map<Outcome, Timer> timers = new EnumMap<>(Outcome.class);
        private final Counter events;

        private Bound(MeterRegistry registry) {
            for (Outcome outcome : Outcome.values()) {
                timers.put(
                        outcome,
                        Timer.builder("eda.store.append")
                                .description("Appends, by what became of them")
                                .tag("outcome", outcome.tag)
                                .register(registry));
            }
            events = Counter.builder("eda.store.append.events")
                    .description("Events stored")
                    .baseUnit("events")
                    .register(registry);
        }
    }
}
