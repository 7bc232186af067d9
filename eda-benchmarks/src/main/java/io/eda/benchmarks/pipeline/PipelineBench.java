package io.eda.benchmarks.pipeline;

import com.google.common.eventbus.Subscribe;
import io.eda.benchmarks.harness.Report;
import io.eda.bus.Decoding;
import io.eda.bus.EventBus;
import io.eda.bus.EventHandler;
import io.eda.bus.SubscriptionOptions;
import io.eda.event.Event;
import io.eda.inmemory.InMemoryTransport;
import io.eda.serialization.JacksonEventSerializer;
import io.eda.transport.Message;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.TypePattern;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.LongAdder;

/**
 * The pipeline without a broker: what an event costs beside its decoding, how far sixty-four lanes come beside a plain pool of as many
 * threads, and publishing to ten subscribers beside Guava's bus. Each line is the median of the rounds, all in one process.
 */
public final class PipelineBench {

    private static final String GROUP = "bench";
    private static final int AGGREGATES = 1_000;
    private static final int LANES = 64;
    private static final int WARM_UPS = 2;
    private static final int SUBSCRIBERS = 10;

    private final Report report;
    private final int rounds;
    private final int events;
    private final JacksonEventSerializer json = Notes.serializer();
    private final List<Event<Notes.Written>> notes;

    private PipelineBench(Report report, int rounds, int events) {
        this.report = report;
        this.rounds = rounds;
        this.events = events;
        this.notes = Notes.create(events, AGGREGATES);
    }

    /** Runs all of it, each in {@code rounds} rounds of {@code events} events. */
    public static void run(Report report, int rounds, int events) throws Exception {
        PipelineBench bench = new PipelineBench(report, rounds, events);
        report.line(events + " events of " + Notes.BYTES + " bytes, of " + AGGREGATES + " aggregates, " + rounds
                + " rounds after " + WARM_UPS
                + " to warm up");
        bench.overhead();
        bench.lanes();
        bench.publish();
    }

    private void overhead() throws Exception {
        List<Message> messages = messages();
        Decoding decoding = new Decoding(json);
        Cost decode = Cost.median(
                rounds,
                () -> Cost.of(events, () -> {
                    if (decoding.decode(messages) != events) {
                        throw new IllegalStateException("Not every message was decoded");
                    }
                }));
        Cost whole = Cost.median(rounds, this::drain);
        line("an event through transport and pipeline: %.2f µs of CPU, %.0f bytes", whole.micros(), whole.bytes());
        line("its decoding alone: %.2f µs of CPU, %.0f bytes", decode.micros(), decode.bytes());
        goal("CPU beyond decoding, µs", whole.micros() - decode.micros(), 2.0, true);
        goal("bytes allocated beyond decoding", whole.bytes() - decode.bytes(), 600, true);
    }

    private List<Message> messages() {
        List<Message> messages = new ArrayList<>(events);
        InMemoryTransport transport = InMemoryTransport.confirmingWhenAccepted().withGroupCapacity(events);
        ReceiveRequest request = new ReceiveRequest(GROUP, Set.of(TypePattern.everything()), events, true);
        try (transport;
                EventBus bus = new EventBus(transport, json);
                var receiver = transport.receive(
                        request,
                        deliveries -> deliveries.forEach(delivery -> {
                            messages.add(delivery.message());
                            delivery.ack();
                        }))) {
            publish(bus, events);
        }
        return messages;
    }

    // The backlog stands before the clock starts: what is measured is consuming alone, the in-memory transport's part
    // included.
    private Cost drain() throws Exception {
        InMemoryTransport transport = InMemoryTransport.confirmingWhenAccepted().withGroupCapacity(events);
        try (EventBus bus = new EventBus(transport, json)) {
            SubscriptionOptions options = SubscriptionOptions.forGroup(GROUP)
                    .withConcurrency(Runtime.getRuntime().availableProcessors());
            bus.subscribe(options, event -> {}).close();
            publish(bus, events);
            return Cost.of(events, () -> {
                Countdown handled = new Countdown(events);
                var unused = bus.subscribe(options, handled);
                handled.await();
            });
        }
    }

    private void lanes() throws Exception {
        int works = Math.max(LANES * 20, events / 4);
        double pool = median(() -> perSecond(works, () -> sleepInPool(works)));
        double lanes = median(() -> sleepInLanes(works));
        line("1 ms of sleep, plain pool of %d threads: %.0f/s", LANES, pool);
        line("1 ms of sleep, %d lanes: %.0f/s", LANES, lanes);
        goal("lanes as a part of the pool", lanes / pool, 0.9, false);
    }

    private void sleepInPool(int works) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(LANES, daemons());
        CountDownLatch done = new CountDownLatch(works);
        for (int i = 0; i < works; i++) {
            pool.execute(() -> {
                sleep();
                done.countDown();
            });
        }
        done.await();
        pool.shutdown();
    }

    // As with the pool, the works are there before a thread is: what is measured is how the lanes keep threads busy.
    private double sleepInLanes(int works) throws Exception {
        InMemoryTransport transport = InMemoryTransport.confirmingWhenAccepted().withGroupCapacity(works);
        try (EventBus bus = new EventBus(transport, json)) {
            SubscriptionOptions options = SubscriptionOptions.forGroup(GROUP).withConcurrency(LANES);
            bus.subscribe(options, event -> {}).close();
            publish(bus, works);
            Countdown handled = new Countdown(works);
            return perSecond(works, () -> {
                var unused = bus.subscribe(options, event -> {
                    sleep();
                    handled.handle(event);
                });
                handled.await();
            });
        }
    }

    private void publish() throws Exception {
        double guava = median(() -> perSecond(events, this::publishWithGuava));
        double accepted = median(() -> publishWithEda(false));
        double handled = median(() -> publishWithEda(true));
        line("%d subscribers that do nothing, Guava's EventBus, which calls them: %.0f events/s", SUBSCRIBERS, guava);
        line("the same, this bus, until the publisher goes on: %.0f events/s", accepted);
        line("the same, this bus, until all have handled all: %.0f events/s", handled);
        goal("the publisher's time as a part of Guava's", guava / accepted, 1.2, true);
        goal("the time until all is handled as a part of Guava's", guava / handled, 1.2, true);
    }

    private void publishWithGuava() {
        var bus = new com.google.common.eventbus.EventBus("bench");
        List<GuavaSubscriber> subscribers = new ArrayList<>();
        for (int i = 0; i < SUBSCRIBERS; i++) {
            subscribers.add(new GuavaSubscriber());
            bus.register(subscribers.get(i));
        }
        notes.forEach(bus::post);
        if (subscribers.stream().mapToLong(s -> s.handled.sum()).sum() != (long) events * SUBSCRIBERS) {
            throw new IllegalStateException("Guava's bus did not reach all subscribers");
        }
    }

    private double publishWithEda(boolean untilHandled) throws Exception {
        InMemoryTransport transport = InMemoryTransport.confirmingWhenAccepted().withGroupCapacity(events);
        try (EventBus bus = new EventBus(transport, json)) {
            Countdown handled = new Countdown((long) events * SUBSCRIBERS);
            for (int i = 0; i < SUBSCRIBERS; i++) {
                var unused =
                        bus.subscribe(SubscriptionOptions.forGroup("bench-" + i).withConcurrency(1), handled);
            }
            long begin = System.nanoTime();
            publish(bus, events);
            double accepted = events * 1e9 / (System.nanoTime() - begin);
            handled.await();
            return untilHandled ? events * 1e9 / (System.nanoTime() - begin) : accepted;
        }
    }

    // Nobody waits for the answers: who handles them counts.
    private void publish(EventBus bus, int count) {
        for (int i = 0; i < count; i++) {
            var unused = bus.publish(notes.get(i));
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            throw new IllegalStateException("Interrupted in the middle of a round", e);
        }
    }

    private double median(Measured measured) throws Exception {
        double[] values = new double[rounds];
        for (int i = 0; i < WARM_UPS; i++) {
            double unused = measured.run();
        }
        for (int i = 0; i < rounds; i++) {
            values[i] = measured.run();
        }
        Arrays.sort(values);
        return values[rounds / 2];
    }

    private static double perSecond(int works, Round round) throws Exception {
        long begin = System.nanoTime();
        round.run();
        return works * 1e9 / (System.nanoTime() - begin);
    }

    private void goal(String what, double value, double limit, boolean isAtMost) {
        boolean isMet = isAtMost ? value <= limit : value >= limit;
        line(
                "  %s: %.2f, goal %s %.2f: %s",
                what, value, isAtMost ? "at most" : "at least", limit, isMet ? "met" : "MISSED");
    }

    private void line(String format, Object... values) {
        report.line(String.format(Locale.ROOT, format, values));
    }

    private static ThreadFactory daemons() {
        return task -> {
            Thread thread = new Thread(task, "bench-pool");
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Something that takes a number of works, and is timed. */
    private interface Round {
        void run() throws Exception;
    }

    /** Something that yields a figure. */
    private interface Measured {
        double run() throws Exception;
    }

    /** A handler that does nothing but count, until it has seen enough. */
    private static final class Countdown implements EventHandler {

        private final long expected;
        private final LongAdder handled = new LongAdder();

        private Countdown(long expected) {
            this.expected = expected;
        }

        @Override
        public void handle(Event<?> event) {
            handled.increment();
        }

        private void await() throws InterruptedException {
            while (handled.sum() < expected) {
                Thread.sleep(1);
            }
        }
    }

    /** A subscriber of Guava's bus that does nothing but count. */
    static final class GuavaSubscriber {

        private final LongAdder handled = new LongAdder();

        /** Counts. */
        @Subscribe
        public void on(Event<?> event) {
            handled.increment();
        }
    }
}
