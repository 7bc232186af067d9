package io.eda.outbox;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What a relay counts over its shards, once it is bound to a registry. Thread-safe. */
final class RelayMeters {

    private final String name;
    private final LongAdder unconfirmed = new LongAdder();
    private volatile @Nullable Bound bound;

    RelayMeters(String name) {
        this.name = name;
    }

    synchronized void bindTo(MeterRegistry registry) {
        if (bound != null) {
            throw new IllegalStateException("'" + name
                    + "' is bound already: to several registries it is bound as to one," + " a CompositeMeterRegistry");
        }
        bound = new Bound(registry, Tags.of("name", name));
    }

    /** More events, or fewer, are published and not confirmed. */
    void unconfirmed(int more) {
        unconfirmed.add(more);
    }

    long unconfirmed() {
        return unconfirmed.sum();
    }

    void confirmed() {
        Bound meters = bound;
        if (meters != null) {
            meters.events.increment();
        }
    }

    void failed() {
        Bound meters = bound;
        if (meters != null) {
            meters.failures.increment();
        }
    }

    void skipped() {
        Bound meters = bound;
        if (meters != null) {
            meters.skipped.increment();
        }
    }

    private static final class Bound {

        private final Counter events;
        private final Counter failures;
        private final Counter skipped;

        private Bound(MeterRegistry registry, Tags tags) {
            events = Counter.builder("eda.relay.events")
                    .description("Events confirmed")
                    .baseUnit("events")
                    .tags(tags)
                    .register(registry);
            failures = Counter.builder("eda.relay.failures")
                    .description("Events that could not be published, each attempt counted")
                    .tags(tags)
                    .register(registry);
            skipped = Counter.builder("eda.relay.skipped")
                    .description("Events refused for ever and left out")
                    .baseUnit("events")
                    .tags(tags)
                    .register(registry);
        }
    }
}
