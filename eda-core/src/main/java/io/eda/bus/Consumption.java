package io.eda.bus;

import io.eda.parking.ParkedMessages;
import io.eda.transport.Delivery;
import io.eda.transport.EventTransport;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.Receiver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One subscription at work: puts what comes into lanes, and ends in order. */
final class Consumption implements Subscription {

    private static final Logger log = LoggerFactory.getLogger(Consumption.class);

    private final SubscriptionOptions options;
    private final Consumer<Consumption> onClose;
    private final Executor executor;
    private final boolean isExecutorOwn;

    private final Lanes lanes;
    private final Workers workers;
    private final Flow flow;
    private final GroupMeters meters;
    private final GroupTracing tracing;
    private final Health health;
    private final Probe probe;
    private final @Nullable Claims claims;
    private final Settling settling;
    private final Handling handling;
    private final @Nullable Replays replays;
    private final ScheduledExecutorService timer;

    // Renewals of claims, and looks for parked keys to replay: begun at the start, if they are needed.
    private final List<ScheduledFuture<?>> periodic = new ArrayList<>();

    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private boolean isClosing;
    private volatile boolean isOpen = true;
    private volatile @Nullable Receiver receiver;

    Consumption(SubscriptionOptions options, EventProcessor processor, BusParts bus, Consumer<Consumption> onClose) {
        this.options = options;
        this.onClose = onClose;
        String group = options.group();
        meters = bus.signals().meters().of(group);
        tracing = new GroupTracing(group, bus.signals().tracing());
        health = new Health(meters);
        timer = bus.timer();
        isExecutorOwn = bus.executor().isEmpty();
        executor = bus.executor().orElseGet(() -> HandlerThreads.create("eda-" + group, options.concurrency()));
        lanes = new Lanes(options.concurrency());
        workers = new Workers(group, lanes, executor, timer);
        flow = new Flow(options.maxInFlight(), options.maxBytesInFlight());
        probe = new Probe(group, options.retry(), lanes, workers, timer);
        claims = options.deduplication()
                .map(how -> new Claims(group, how, workers, health))
                .orElse(null);
        settling = new Settling(group, flow, claims, timer);
        Keeping keeping = new Keeping(options, workers, health);
        Parking parking;
        Exit exit;
        if (options.exhausted() == Exhausted.PARK_KEY) {
            ParkedMessages parked = bus.parkingFor(group);
            parking = new Parking(group, parked, keeping, workers, health, settling, bus.clock());
            replays = new Replays(options, parked, executor, keeping, health, settling, this::replay);
            exit = parking;
        } else {
            parking = null;
            replays = null;
            exit = options.exhausted() == Exhausted.BLOCK
                    ? new Blocking(options, workers)
                    : new Burial(group, bus.transport().deadLetters(group), keeping, health, settling);
        }
        Recovery recovery = new Recovery(
                options, () -> isOpen, workers, probe, health, exit, replays == null ? exit : replays, bus.clock());
        handling = new Handling(
                processor, bus.codec(), bus.serializer(), claims, parking, recovery, probe, health, settling, tracing);
    }

    void start(EventTransport transport) {
        var request = new ReceiveRequest(options.group(), options.types(), options.maxInFlight(), options.isOrdered());
        Receiver opened = transport.receive(request, this::accept);
        receiver = opened;
        meters.join(this);
        flow.open(opened);
        beginPeriodic();
        if (!isOpen) {
            // A handler of the first deliveries has closed it before there was a receiver to close, or a member to
            // leave.
            opened.close();
            meters.leave(this);
        }
    }

    private synchronized void beginPeriodic() {
        if (isClosing) {
            return;
        }
        if (claims != null) {
            long third = claims.lease().toNanos() / 3;
            periodic.add(timer.scheduleWithFixedDelay(claims::renew, third, third, TimeUnit.NANOSECONDS));
        }
        if (replays != null) {
            periodic.add(replays.schedule(timer));
        }
    }

    private void accept(List<Delivery> deliveries) {
        if (!isOpen) {
            // Closing waits for handlers first and for the receiver last: what comes in between is not begun, and
            // delivered again.
            return;
        }
        List<Work> works = new ArrayList<>(deliveries.size());
        long bytes = 0;
        long now = meters.now();
        for (Delivery delivery : deliveries) {
            works.add(begin(delivery, false, now));
            bytes += delivery.message().body().length;
        }
        handling.prepare(works);
        flow.received(works.size(), bytes);
        workers.start(lanes.add(works));
    }

    private void replay(Delivery parked) {
        flow.received(1, parked.message().body().length);
        workers.start(lanes.add(List.of(begin(parked, true, meters.now()))));
    }

    private Work begin(Delivery delivery, boolean isReplay, long now) {
        Work work = new Work(delivery, handling, isReplay);
        work.isAlone = !options.isOrdered();
        work.receivedAt = now;
        work.trace = tracing.received(delivery.message());
        return work;
    }

    @Override
    public SubscriptionStatus status() {
        return health.status(options.group(), isOpen, flow, probe, receiver);
    }

    @Override
    public Optional<FailedAttempts> failuresOf(UUID eventId) {
        return health.failuresOf(eventId);
    }

    @Override
    public void close() {
        CompletableFuture<Void> end = beginClose();
        if (!isRunByCaller()) {
            end.join();
        }
    }

    /** Begins to close, once; the future completes when it is closed. */
    CompletableFuture<Void> beginClose() {
        synchronized (this) {
            if (isClosing) {
                return closed;
            }
            isClosing = true;
        }
        isOpen = false;
        lanes.close();
        // A thread of its own: a handler that closes its own subscription cannot wait for its own end, and whoever
        // comes second, handler or not, waits for a future and holds nothing that another one needs.
        HandlerThreads.daemons("eda-" + options.group() + "-close")
                .newThread(this::finish)
                .start();
        return closed;
    }

    boolean isRunByCaller() {
        return workers.includesCaller();
    }

    private void finish() {
        try {
            awaitHandlers();
            settling.close(options.closeTimeout());
            endPeriodic();
            if (claims != null) {
                claims.release(lanes.works(), options.closeTimeout());
            }
            lanes.works().forEach(Work::endTrace);
            // Only now: what is unsettled is delivered again, and must not meet its own handler still at work.
            Receiver opened = receiver;
            if (opened != null) {
                opened.close();
            }
            if (isExecutorOwn) {
                HandlerThreads.release(executor);
            }
        } catch (RuntimeException e) {
            log.atWarn()
                    .addKeyValue("group", options.group())
                    .setCause(e)
                    .log("'{}' did not close in order", options.group());
        } finally {
            meters.leave(this);
            onClose.accept(this);
            closed.complete(null);
        }
    }

    private void endPeriodic() {
        synchronized (this) {
            periodic.forEach(task -> task.cancel(false));
        }
        if (replays != null) {
            replays.close();
        }
    }

    private void awaitHandlers() {
        Duration timeout = options.closeTimeout();
        try {
            if (!lanes.awaitWorkers(timeout.toNanos())) {
                log.atWarn()
                        .addKeyValue("group", options.group())
                        .log("'{}' interrupts handlers that did not end within {}", options.group(), timeout);
                workers.interrupt();
                if (!lanes.awaitWorkers(timeout.toNanos())) {
                    log.atError()
                            .addKeyValue("group", options.group())
                            .log(
                                    "'{}' closes although a handler goes on after its interrupt: its event comes again, perhaps"
                                            + " while it is still at work",
                                    options.group());
                }
            }
        } catch (InterruptedException e) {
            workers.interrupt();
        }
    }
}
