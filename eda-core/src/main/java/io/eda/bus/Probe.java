package io.eda.bus;

import io.eda.retry.RetryPolicy;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches for what hits all keys: after a number of failures in a row one event at a time is tried, after growing pauses, until one
 * succeeds. So an outage costs a few events an attempt each, and not all events all of theirs. Thread-safe.
 */
final class Probe {

    private static final Logger log = LoggerFactory.getLogger(Probe.class);

    private final String group;
    private final RetryPolicy policy;
    private final Lanes lanes;
    private final Workers workers;
    private final ScheduledExecutorService timer;

    private final AtomicInteger failuresInARow = new AtomicInteger();
    private final AtomicInteger holds = new AtomicInteger();
    private volatile boolean isProbing;

    Probe(String group, RetryPolicy policy, Lanes lanes, Workers workers, ScheduledExecutorService timer) {
        this.group = group;
        this.policy = policy;
        this.lanes = lanes;
        this.workers = workers;
        this.timer = timer;
    }

    boolean isProbing() {
        return isProbing;
    }

    void succeeded() {
        // Read first: a write for every event would send this line from one processor's cache to the other.
        if (failuresInARow.get() != 0) {
            failuresInARow.set(0);
        }
        if (isProbing) {
            widen();
        }
    }

    void failed(Throwable failure) {
        int failures = failuresInARow.incrementAndGet();
        if (failures >= policy.probeAfter()) {
            narrow(failures - policy.probeAfter() + 1, failure);
        }
    }

    private synchronized void widen() {
        if (isProbing) {
            isProbing = false;
            log.info("'{}' handles events again", group);
            workers.start(lanes.widen());
        }
    }

    private synchronized void narrow(int probes, Throwable failure) {
        if (failuresInARow.get() == 0) {
            // One that succeeded was faster.
            return;
        }
        if (!isProbing) {
            isProbing = true;
            log.atWarn()
                    .addKeyValue("group", group)
                    .setCause(failure)
                    .log(
                            "'{}' has failed {} times in a row, and tries one event at a time until one succeeds",
                            group,
                            policy.probeAfter());
        }
        lanes.narrow();
        int hold = holds.incrementAndGet();
        long pause = policy.backoff().after(probes, ThreadLocalRandom.current()).toNanos();
        try {
            var unused = timer.schedule(() -> release(hold), pause, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            log.debug("'{}' is closed", group);
        }
    }

    // Several that failed at the same time hold one after the other: the last hold ends it.
    private void release(int hold) {
        if (holds.get() == hold) {
            workers.start(lanes.release());
        }
    }
}
