package io.eda.benchmarks.pipeline;

import io.eda.benchmarks.harness.Report;
import io.eda.benchmarks.observation.Observer;
import io.eda.bus.EventBus;
import io.eda.bus.SubscriptionOptions;
import io.eda.event.Event;
import io.eda.inmemory.InMemoryTransport;
import io.eda.serialization.JacksonEventSerializer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;

/**
 * Publishing and handling in memory, with a handler that does nothing: so what observers cost stands beside as little as there is. All
 * observers in turn, round by round; each line is the median.
 */
public final class ObservedPipeline {

    private static final String GROUP = "bench";
    private static final int AGGREGATES = 1_000;
    private static final int WARM_UPS = 3;
    private static final double LEAST_WITH_METERS = 0.97;

    private final Report report;
    private final List<Observer> observers;
    private final int events;
    private final JacksonEventSerializer json = Notes.serializer();
    private final List<Event<Notes.Written>> notes;
    private final Map<String, List<Round>> rounds = new LinkedHashMap<>();

    private ObservedPipeline(Report report, List<Observer> observers, int events) {
        this.report = report;
        this.observers = observers;
        this.events = events;
        this.notes = Notes.create(events, AGGREGATES);
    }

    /** Runs {@code count} rounds of {@code events} events for each of {@code observers}, the first of which is what others are compared to. */
    public static void run(Report report, List<Observer> observers, int count, int events) throws Exception {
        ObservedPipeline bench = new ObservedPipeline(report, observers, events);
        for (int i = 0; i < WARM_UPS + count; i++) {
            for (Observer observer : observers) {
                Round round = bench.round(observer);
                if (i >= WARM_UPS) {
                    bench.rounds
                            .computeIfAbsent(observer.name(), name -> new ArrayList<>())
                            .add(round);
                }
            }
        }
        bench.tell();
    }

    private Round round(Observer observer) throws Exception {
        InMemoryTransport transport = InMemoryTransport.confirmingWhenAccepted().withGroupCapacity(events);
        try (EventBus bus = EventBus.builder(transport, json)
                .observedBy(observer.observations())
                .build()) {
            observer.meters().ifPresent(bus::bindTo);
            LongAdder handled = new LongAdder();
            SubscriptionOptions options = SubscriptionOptions.forGroup(GROUP)
                    .withConcurrency(Runtime.getRuntime().availableProcessors());
            var unused = bus.subscribe(options, event -> handled.increment());
            long[] nanos = {0};
            Cost cost = Cost.of(events, () -> {
                long begin = System.nanoTime();
                for (Event<?> note : notes) {
                    var ignored = bus.publish(note);
                }
                while (handled.sum() < events) {
                    Thread.sleep(1);
                }
                nanos[0] = System.nanoTime() - begin;
            });
            return new Round(events * 1e9 / nanos[0], cost.micros(), cost.bytes());
        }
    }

    private void tell() {
        line("%d events published and handled in memory by a handler that does nothing", events);
        double reference = median(observers.get(0), Round::perSecond);
        for (Observer observer : observers) {
            line(
                    "%-12s %,10.0f events/s %6.2f × %8.2f µs of CPU %8.0f bytes an event",
                    observer.name(),
                    median(observer, Round::perSecond),
                    median(observer, Round::perSecond) / reference,
                    median(observer, Round::micros),
                    median(observer, Round::bytes));
        }
        double part = median(observers.get(1), Round::perSecond) / reference;
        line(
                "  %s as a part of %s: %.3f, goal at least %.2f: %s",
                observers.get(1).name(),
                observers.get(0).name(),
                part,
                LEAST_WITH_METERS,
                part >= LEAST_WITH_METERS ? "met" : "MISSED");
    }

    private double median(Observer observer, ToDoubleFunction<Round> figure) {
        double[] values = rounds.getOrDefault(observer.name(), List.of()).stream()
                .mapToDouble(figure)
                .toArray();
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private void line(String format, Object... values) {
        report.line(String.format(Locale.ROOT, format, values));
    }

    private record Round(double perSecond, double micros, double bytes) {}
}
