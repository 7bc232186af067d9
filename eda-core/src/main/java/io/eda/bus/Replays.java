package io.eda.bus;

import io.eda.parking.ParkedMessages;
import io.eda.parking.ParkedReplay;
import io.eda.transport.Delivery;
import io.eda.transport.Message;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member's part in replaying parked keys: it takes released keys under a lease, and puts their messages one after the other into a lane of
 * their own. What arrives for such a key meanwhile is parked behind, as long as one of its messages is left. Thread-safe.
 */
final class Replays implements Exit {

    private static final Logger log = LoggerFactory.getLogger(Replays.class);
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final int POLLS_PER_EXTENSION = 10;
    private static final int POLL_MILLIS = 500;

    private final SubscriptionOptions options;
    private final ParkedMessages store;
    private final Executor executor;
    private final Keeping keeping;
    private final Health health;
    private final Settling settling;
    private final Consumer<Delivery> start;

    private final String owner = UUID.randomUUID().toString();
    // Whoever takes a replay out is the one who ends it.
    private final Set<ParkedReplay> atWork = ConcurrentHashMap.newKeySet();
    private int polls;
    private volatile boolean isClosed;

    Replays(
            SubscriptionOptions options,
            ParkedMessages store,
            Executor executor,
            Keeping keeping,
            Health health,
            Settling settling,
            Consumer<Delivery> start) {
        this.options = options;
        this.store = store;
        this.executor = executor;
        this.keeping = keeping;
        this.health = health;
        this.settling = settling;
        this.start = start;
    }

    ScheduledFuture<?> schedule(ScheduledExecutorService timer) {
        return timer.scheduleWithFixedDelay(
                () -> {
                    boolean unused = onExecutor(this::poll);
                },
                POLL_MILLIS,
                POLL_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    // The store blocks, and the timer is everybody's. Returns whether there is a thread for it.
    private boolean onExecutor(Runnable task) {
        try {
            executor.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    log.atWarn()
                            .addKeyValue("group", options.group())
                            .setCause(e)
                            .log("'{}' cannot replay parked keys now, and tries again", options.group());
                }
            });
            return true;
        } catch (RejectedExecutionException e) {
            log.debug("'{}' has no thread to replay parked keys", options.group(), e);
            return false;
        }
    }

    private synchronized void poll() {
        if (isClosed) {
            return;
        }
        polls++;
        if (polls % POLLS_PER_EXTENSION == 0) {
            atWork.forEach(replay -> store.extend(replay, LEASE));
        }
        boolean isMore = true;
        while (isMore && !isClosed && atWork.size() < options.concurrency()) {
            Optional<ParkedReplay> taken = store.take(options.group(), owner, LEASE);
            taken.ifPresent(this::begin);
            isMore = taken.isPresent();
        }
    }

    private void begin(ParkedReplay replay) {
        atWork.add(replay);
        if (isClosed) {
            // It was taken while this was closed, and perhaps not seen then.
            giveBack(replay);
            return;
        }
        start.accept(new ReplayDelivery(replay));
    }

    private void handled(ParkedReplay replay) {
        try {
            // A crash before this line replays it again: at least once, never zero.
            Optional<ParkedReplay> next = store.done(replay);
            next.ifPresent(this::begin);
        } finally {
            atWork.remove(replay);
        }
    }

    /** Leaves a replayed message parked, with what it has failed of this time. */
    @Override
    public boolean leave(Work work, DeadLetter.Reason reason, Failures failures) {
        if (!(work.delivery instanceof ReplayDelivery delivery)) {
            throw new IllegalStateException("The work on " + work.message() + " is no replay");
        }
        Message letter = Letters.park(options.group(), delivery, reason, failures);
        return keeping.keep(
                work,
                () -> {
                    store.giveBack(delivery.replay, Optional.of(letter));
                    return CompletableFuture.completedFuture(true);
                },
                kept -> {
                    atWork.remove(delivery.replay);
                    delivery.isGivenBack = true;
                    health.staysParked(kept);
                    settling.givenUp(kept);
                    return true;
                });
    }

    /** Gives back what is not handled, so that another member need not wait for the lease. */
    void close() {
        isClosed = true;
        List.copyOf(atWork).forEach(this::giveBack);
    }

    private void giveBack(ParkedReplay replay) {
        if (!atWork.remove(replay)) {
            return;
        }
        try {
            store.giveBack(replay, Optional.empty());
        } catch (RuntimeException e) {
            log.atWarn()
                    .addKeyValue("group", options.group())
                    .setCause(e)
                    .log(
                            "'{}' could not give {} back: it is free when its lease is over",
                            options.group(),
                            replay.key());
        }
    }

    /** One parked message as if the transport delivered it. */
    private final class ReplayDelivery implements Delivery {

        private final ParkedReplay replay;
        private final Message original;
        private volatile boolean isGivenBack;

        private ReplayDelivery(ParkedReplay replay) {
            this.replay = replay;
            this.original = Letters.originalOf(replay.message());
        }

        @Override
        public Message message() {
            return original;
        }

        @Override
        public int attempt() {
            return 1;
        }

        @Override
        public String position() {
            return "parked " + replay.key();
        }

        @Override
        public void ack() {
            if (!isGivenBack && !onExecutor(() -> handled(replay))) {
                // Its lease is not extended any more: it is replayed again when that is over.
                atWork.remove(replay);
            }
        }

        @Override
        public void retryLater(Duration delay) {
            boolean unused = onExecutor(() -> store.giveBack(replay, Optional.empty()));
        }

        @Override
        public void reject() {
            retryLater(Duration.ZERO);
        }
    }
}
