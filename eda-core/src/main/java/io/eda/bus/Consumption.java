package io.eda.bus;

import io.eda.event.Event;
import io.eda.serialization.EventSerializer;
import io.eda.transport.Delivery;
import io.eda.transport.EventTransport;
import io.eda.transport.Message;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.Receiver;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One subscription at work: takes deliveries into lanes, handles them, tries again, settles. */
final class Consumption implements Subscription {

    private static final Logger log = LoggerFactory.getLogger(Consumption.class);

    private final SubscriptionOptions options;
    private final EventHandler handler;
    private final MessageCodec codec;
    private final EventSerializer serializer;
    private final Consumer<Consumption> onClose;

    private final ExecutorService workers;
    private final ScheduledExecutorService timer;
    private final Lanes lanes;

    private final LongAdder handled = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final Map<String, Throwable> waiting = new ConcurrentHashMap<>();
    private final Map<Thread, Boolean> handlerThreads = new ConcurrentHashMap<>();
    private volatile boolean isOpen = true;
    private @Nullable Receiver receiver;

    Consumption(
            SubscriptionOptions options,
            EventHandler handler,
            MessageCodec codec,
            EventSerializer serializer,
            Consumer<Consumption> onClose) {
        this.options = options;
        this.handler = handler;
        this.codec = codec;
        this.serializer = serializer;
        this.onClose = onClose;
        this.workers = Executors.newFixedThreadPool(options.concurrency(), threads("eda-" + options.group()));
        this.timer = Executors.newSingleThreadScheduledExecutor(threads("eda-" + options.group() + "-retry"));
        this.lanes = new Lanes(workers);
    }

    synchronized void start(EventTransport transport) {
        var request = new ReceiveRequest(options.group(), options.types(), options.maxInFlight(), true);
        receiver = transport.receive(request, deliveries -> deliveries.forEach(this::accept));
    }

    private void accept(Delivery delivery) {
        Message message = delivery.message();
        String key = message.topic() + "/" + message.key();
        lanes.submit(key, done -> attempt(key, delivery, 1, done));
    }

    private void attempt(String key, Delivery delivery, int attempt, Runnable done) {
        if (!isOpen) {
            return;
        }
        handlerThreads.put(Thread.currentThread(), true);
        try {
            for (Event<?> event : serializer.deserialize(codec.decode(delivery.message()))) {
                handler.handle(event);
            }
        } catch (Throwable e) {
            tryLater(key, delivery, attempt, done, e);
            return;
        } finally {
            handlerThreads.remove(Thread.currentThread());
        }
        waiting.remove(key);
        handled.increment();
        delivery.ack();
        done.run();
    }

    private void tryLater(String key, Delivery delivery, int attempt, Runnable done, Throwable failure) {
        if (!isOpen) {
            // The interrupt of close() is no failure of the event: it is given back, uncounted.
            return;
        }
        failed.increment();
        waiting.put(key, failure);
        if (attempt == 1) {
            log.warn(
                    "'{}' failed on {} and tries again until it succeeds; its key waits",
                    options.group(),
                    delivery.message(),
                    failure);
        }
        long pause =
                options.backoff().after(attempt, ThreadLocalRandom.current()).toNanos();
        try {
            var unused = timer.schedule(
                    () -> workers.execute(() -> attempt(key, delivery, attempt + 1, done)),
                    pause,
                    TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            log.debug("'{}' gives {} back: it is closed", options.group(), delivery.message());
        }
    }

    @Override
    public SubscriptionStatus status() {
        Optional<Throwable> failure = waiting.values().stream().findFirst();
        return new SubscriptionStatus(options.group(), isOpen, handled.sum(), failed.sum(), waiting.size(), failure);
    }

    @Override
    public void close() {
        synchronized (this) {
            if (!isOpen) {
                return;
            }
            isOpen = false;
        }
        timer.shutdownNow();
        workers.shutdown();
        if (handlerThreads.containsKey(Thread.currentThread())) {
            // A handler cannot wait for its own end.
            threads("eda-" + options.group() + "-close").newThread(this::finish).start();
        } else {
            finish();
        }
    }

    private synchronized void finish() {
        awaitHandlers();
        // Only now: what is unsettled is delivered again, and must not meet its own handler still at work.
        if (receiver != null) {
            receiver.close();
        }
        onClose.accept(this);
    }

    private void awaitHandlers() {
        try {
            if (!workers.awaitTermination(options.closeTimeout().toNanos(), TimeUnit.NANOSECONDS)) {
                log.warn(
                        "'{}' interrupts handlers that did not end within {}", options.group(), options.closeTimeout());
                workers.shutdownNow();
                boolean unused = workers.awaitTermination(options.closeTimeout().toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            workers.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private static ThreadFactory threads(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
