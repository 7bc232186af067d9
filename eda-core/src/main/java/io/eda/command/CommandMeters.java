package io.eda.command;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a command bus counts, once it is bound to a registry; until then each method reads one field. Thread-safe. */
final class CommandMeters {

    /** How a command ended. */
    enum Outcome {
        STORED,
        UNCHANGED,
        REPEATED,
        REJECTED,
        CONFLICT,
        FAILED;

        final String tag = name().toLowerCase(Locale.ROOT);
    }

    private volatile @Nullable Bound bound;

    synchronized void bindTo(MeterRegistry registry, Collection<Class<?>> commands) {
        if (bound != null) {
            throw new IllegalStateException(
                    "This command bus is bound already: to several registries it is bound as to one,"
                            + " a CompositeMeterRegistry");
        }
        bound = new Bound(registry, commands);
    }

    /** Returns when a command began, or 0 where nobody wants to know. */
    long begin() {
        return bound == null ? 0 : System.nanoTime();
    }

    void ended(Class<?> command, Outcome outcome, long begun) {
        Bound meters = bound;
        if (meters != null && begun != 0) {
            meters.timer(command, outcome).record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
        }
    }

    void conflicted() {
        Bound meters = bound;
        if (meters != null) {
            meters.conflicts.increment();
        }
    }

    void lookedUp(boolean isHit) {
        Bound meters = bound;
        if (meters != null) {
            (isHit ? meters.hits : meters.misses).increment();
        }
    }

    private static final class Bound {

        private final Map<Class<?>, Map<Outcome, Timer>> timers = new HashMap<>();
        private final Counter conflicts;
        private final Counter hits;
        private final Counter misses;

        private Bound(MeterRegistry registry, Collection<Class<?>> commands) {
            for (Class<?> command : commands) {
                Map<Outcome, Timer> byOutcome = new EnumMap<>(Outcome.class);
                for (Outcome outcome : Outcome.values()) {
                    byOutcome.put(outcome, timer(registry, command, outcome));
                }
                timers.put(command, byOutcome);
            }
            conflicts = Counter.builder("eda.command.conflicts")
                    .description("Appends of commands that met another writer")
                    .baseUnit("conflicts")
                    .register(registry);
            hits = lookups(registry, "hit");
            misses = lookups(registry, "miss");
        }

        private static Timer timer(MeterRegistry registry, Class<?> command, Outcome outcome) {
            return Timer.builder("eda.command.dispatch")
                    .description("Commands, until their callers had an answer")
                    .tag("command", command.getSimpleName())
                    .tag("outcome", outcome.tag)
                    .register(registry);
        }

        private static Counter lookups(MeterRegistry registry, String result) {
            return Counter.builder("eda.command.cache")
                    .description("Commands by whether the state of their aggregate was remembered")
                    .tag("result", result)
                    .register(registry);
        }

        private Timer timer(Class<?> command, Outcome outcome) {
            Map<Outcome, Timer> byOutcome = timers.get(command);
            Timer timer = byOutcome == null ? null : byOutcome.get(outcome);
            if (timer == null) {
                throw new IllegalStateException("There is no timer for " + command + ", " + outcome);
            }
            return timer;
        }
    }
}
