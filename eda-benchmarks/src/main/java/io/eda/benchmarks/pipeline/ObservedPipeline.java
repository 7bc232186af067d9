package io.eda.benchmarks.pipeline;

import io.eda.benchmarks.harness.Operation;
import io.eda.benchmarks.harness.Report;
import io.eda.benchmarks.observation.ObservedSession;
import io.eda.benchmarks.observation.Observer;
import io.eda.bus.EventBus;
import io.eda.bus.SubscriptionOptions;
import io.eda.event.Event;
import io.eda.inmemory.InMemoryTransport;
import java.util.List;
import java.util.concurrent.Semaphore;

/** Publishing and handling in memory, with a handler that does nothing: so what observers cost stands beside as little as there is. */
public final class ObservedPipeline {

    private static final String GROUP = "bench";
    private static final int AGGREGATES = 1_000;
    private static final int IN_FLIGHT = 2_000;
    private static final int BATCH = 100;

    private ObservedPipeline() {}

    /** Compares {@code observers} to the first of them. */
    public static void run(Report report, List<Observer> observers) throws Exception {
        List<Event<Notes.Written>> notes = Notes.create(AGGREGATES, AGGREGATES);
        ObservedSession.compare(
                report,
                "published and handled in memory, " + IN_FLIGHT + " in flight, by a handler that does nothing",
                1,
                observers,
                observer -> new Observed(observer, notes));
    }

    private static final class Observed implements ObservedSession {

        private final EventBus bus;
        private final List<Event<Notes.Written>> notes;
        private final Semaphore mayPublish = new Semaphore(IN_FLIGHT);
        private int next;

        Observed(Observer observer, List<Event<Notes.Written>> notes) {
            this.notes = notes;
            InMemoryTransport transport =
                    InMemoryTransport.confirmingWhenAccepted().withGroupCapacity(IN_FLIGHT);
            bus = EventBus.builder(transport, Notes.serializer())
                    .observedBy(observer.observations())
                    .build();
            observer.meters().ifPresent(bus::bindTo);
            SubscriptionOptions options = SubscriptionOptions.forGroup(GROUP).withConcurrency(1);
            var unused = bus.subscribe(options, event -> mayPublish.release());
        }

        @Override
        public Operation caller() {
            return watch -> {
                mayPublish.acquire(BATCH);
                for (Event<?> note : notes.subList(next, next + BATCH)) {
                    var ignored = bus.publish(note);
                }
                // The same ones again and again: ids play no part without deduplication.
                next = (next + BATCH) % AGGREGATES;
                return BATCH;
            };
        }

        @Override
        public void close() {
            bus.close();
        }
    }
}
