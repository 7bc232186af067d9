package io.eda.projection;

import io.eda.event.EventRecord;
import io.eda.event.Metadata;
import io.eda.store.StoredEvent;
import io.eda.telemetry.Tracing;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.observation.Observation;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a projection counts and tells tracers, page by page; until somebody wants to know, each method reads a field. Thread-safe.
 *
 * <p>A page is one observation, because it is one transaction. Where all of its events come from one trace, as they do for whoever follows
 * closely, it is a step of that trace. A page of several is in none of them, and linked to all.
 */
final class ProjectionSignals {

    private final String name;
    private volatile Tracing tracing = Tracing.off();
    private volatile @Nullable Bound bound;

    ProjectionSignals(String name) {
        this.name = name;
    }

    synchronized void bindTo(MeterRegistry registry) {
        if (bound != null) {
            throw new IllegalStateException("'" + name
                    + "' is bound already: to several registries it is bound as to one," + " a CompositeMeterRegistry");
        }
        bound = new Bound(registry, Tags.of("name", name));
    }

    void observedBy(Tracing observers) {
        tracing = observers;
    }

    /** Runs the step that applies {@code events}; what it returns is how many of them were parked. */
    void page(List<StoredEvent<EventRecord>> events, Page page) throws Exception {
        Tracing observers = tracing;
        if (observers.isOff()) {
            counted(events, page);
        } else {
            observation(observers, events).observeChecked(() -> counted(events, page));
        }
    }

    void gaveUp(FailedEvent.Kind kind) {
        Bound meters = bound;
        if (meters != null) {
            (kind == FailedEvent.Kind.SKIPPED ? meters.skipped : meters.parked).increment();
            meters.events.increment();
        }
    }

    private void counted(List<StoredEvent<EventRecord>> events, Page page) throws Exception {
        Bound meters = bound;
        if (meters == null) {
            int unused = page.apply();
            return;
        }
        long begun = System.nanoTime();
        try {
            int parked = page.apply();
            meters.page.record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
            meters.events.increment(events.size());
            meters.parked.increment(parked);
        } catch (LeaseLostException | CheckpointConflictException e) {
            // Another one is at work: nothing has failed.
            throw e;
        } catch (Exception | Error e) {
            meters.failures.increment();
            throw e;
        }
    }

    private Observation observation(Tracing observers, List<StoredEvent<EventRecord>> events) {
        List<Metadata> carried =
                events.stream().map(stored -> stored.event().metadata()).toList();
        return observers
                .together("eda.project", "project " + name, carried)
                .lowCardinalityKeyValue("projection", name)
                .highCardinalityKeyValue("events", Integer.toString(events.size()));
    }

    /** One transaction. */
    @FunctionalInterface
    interface Page {

        /** Applies the events, and returns how many of them were parked instead. */
        int apply() throws Exception;
    }

    private static final class Bound {

        private final Timer page;
        private final Counter events;
        private final Counter failures;
        private final Counter skipped;
        private final Counter parked;

        private Bound(MeterRegistry registry, Tags tags) {
            page = Timer.builder("eda.projection.page")
                    .description("Transactions that applied events")
                    .tags(tags)
                    .register(registry);
            events = counter(registry, tags, "eda.projection.events", "Events handled");
            failures = Counter.builder("eda.projection.failures")
                    .description("Attempts that failed")
                    .tags(tags)
                    .register(registry);
            skipped = counter(registry, tags, "eda.projection.skipped", "Events left out for good");
            parked = counter(registry, tags, "eda.projection.parked", "Events parked, with those behind them");
        }

        private static Counter counter(MeterRegistry registry, Tags tags, String name, String description) {
            return Counter.builder(name)
                    .description(description)
                    .baseUnit("events")
                    .tags(tags)
                    .register(registry);
        }
    }
}
