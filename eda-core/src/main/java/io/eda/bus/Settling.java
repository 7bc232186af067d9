package io.eda.bus;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The end of a work: what the store of claims hears, then the acknowledgement. Thread-safe. */
final class Settling {

    private static final Logger log = LoggerFactory.getLogger(Settling.class);
    private static final long PAUSE_MILLIS = 200;

    private final String group;
    private final Flow flow;
    private final @Nullable Claims claims;
    private final ScheduledExecutorService timer;
    private final Incident silence = new Incident();
    // Each with the future of its end.
    private final Map<Work, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();
    private final Incident unacknowledged = new Incident();
    private volatile boolean isClosing;

    Settling(String group, Flow flow, @Nullable Claims claims, ScheduledExecutorService timer) {
        this.group = group;
        this.flow = flow;
        this.claims = claims;
        this.timer = timer;
    }

    /** Settles what was handled. Its lane need not wait for it. */
    void handled(Work work) {
        if (claims == null || work.claim == null) {
            ack(work);
            return;
        }
        underWay.put(work, new CompletableFuture<>());
        complete(work, claims, System.nanoTime() + claims.lease().toNanos());
    }

    /** Settles what is kept elsewhere now: its claim is given up, because a replay is to be handled. */
    void givenUp(Work work) {
        Failures failures = work.failures;
        if (failures != null) {
            work.trace.error(failures.latest());
        }
        if (claims == null || work.claim == null) {
            ack(work);
            return;
        }
        underWay.put(work, new CompletableFuture<>());
        var unused = claims.release(work).whenComplete((done, failure) -> end(work));
    }

    /** Settles a duplicate, whose claim is another one's. */
    void skipped(Work work) {
        ack(work);
    }

    private void complete(Work work, Claims asked, long until) {
        var unused = asked.complete(work).whenComplete((isHeld, failure) -> {
            if (failure != null && !isClosing && System.nanoTime() < until) {
                again(work, asked, until);
                return;
            }
            if (failure == null) {
                silence.isOver();
            }
            if (failure != null && silence.begins()) {
                log.atWarn()
                        .addKeyValue("group", group)
                        .addKeyValue("messageId", work.message().id())
                        .setCause(failure)
                        .log(
                                "'{}' has handled {} but could not tell its store, and so perhaps with later ones: what is published"
                                        + " twice is handled twice",
                                group,
                                work.message());
            } else if (failure == null && !isHeld) {
                log.atWarn()
                        .addKeyValue("group", group)
                        .addKeyValue("messageId", work.message().id())
                        .log("'{}' handled {} longer than its lease: it may be handled twice", group, work.message());
            }
            // A crash before this line lets it come again, and it is then found completed.
            end(work);
        });
    }

    private void again(Work work, Claims asked, long until) {
        try {
            var unused = timer.schedule(() -> complete(work, asked, until), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            end(work);
        }
    }

    private void end(Work work) {
        ack(work);
        CompletableFuture<Void> settled = underWay.remove(work);
        if (settled != null) {
            settled.complete(null);
        }
    }

    private void ack(Work work) {
        try {
            work.delivery.ack();
            unacknowledged.isOver();
        } catch (RuntimeException e) {
            if (unacknowledged.begins()) {
                log.atWarn()
                        .addKeyValue("group", group)
                        .setCause(e)
                        .log("'{}' could not acknowledge {}: it comes again", group, work.message());
            }
        }
        work.endTrace();
        flow.settled(work);
    }

    /** Waits until everything is settled that was handled, but not longer than {@code limit}. */
    void close(Duration limit) {
        isClosing = true;
        await(CompletableFuture.allOf(underWay.values().toArray(CompletableFuture[]::new)), limit);
    }

    static void await(CompletableFuture<?> future, Duration limit) {
        try {
            future.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.debug("What is not settled within {} comes again", limit, e);
        }
    }
}
