package io.eda.bus;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The workers of one subscription: each takes works from its {@link Lanes} until there is none, on a thread of an executor. */
final class Workers {

    private static final Logger log = LoggerFactory.getLogger(Workers.class);
    private static final long PAUSE_MILLIS = 100;

    private final String group;
    private final Lanes lanes;
    private final Executor executor;
    private final ScheduledExecutorService timer;
    private final Set<Worker> atWork = ConcurrentHashMap.newKeySet();

    Workers(String group, Lanes lanes, Executor executor, ScheduledExecutorService timer) {
        this.group = group;
        this.lanes = lanes;
        this.executor = executor;
        this.timer = timer;
    }

    /** Starts {@code count} workers. */
    void start(int count) {
        for (int i = 0; i < count; i++) {
            try {
                executor.execute(new Worker());
            } catch (RejectedExecutionException e) {
                lanes.missed();
                later(e);
            }
        }
    }

    // An executor that is full now has room later; until then the works wait.
    private void later(RejectedExecutionException full) {
        try {
            log.atWarn()
                    .addKeyValue("group", group)
                    .log(
                            "'{}' gets no thread of its executor, and tries again in {} ms: {}",
                            group,
                            PAUSE_MILLIS,
                            full.getMessage());
            var unused = timer.schedule(() -> start(lanes.again()), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            log.debug("'{}' is closed", group);
        }
    }

    /** Lets the work go on that waits at the head of its lane. */
    void resume(Work work) {
        start(lanes.resume(work.laneOrThrow()));
    }

    /** As {@link #resume}, not earlier than in {@code nanos}. */
    void resumeAfter(Work work, long nanos) {
        if (nanos <= 0) {
            resume(work);
            return;
        }
        try {
            var unused = timer.schedule(() -> resume(work), nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            log.debug("'{}' gives {} back: it is closed", group, work.message());
        }
    }

    /** Returns whether the calling thread is one of the workers, so that it cannot wait for their end. */
    boolean includesCaller() {
        Thread caller = Thread.currentThread();
        return atWork.stream().anyMatch(worker -> worker.thread == caller);
    }

    void interrupt() {
        atWork.forEach(Worker::interrupt);
    }

    private final class Worker implements Runnable {

        private volatile @Nullable Thread thread;
        private boolean isInterrupted;

        @Override
        public void run() {
            thread = Thread.currentThread();
            atWork.add(this);
            try {
                Work work = lanes.first();
                while (work != null) {
                    work = lanes.next(work, isOver(work));
                }
            } finally {
                atWork.remove(this);
                leaveThread();
            }
        }

        private boolean isOver(Work work) {
            try {
                return work.stage.run(work);
            } catch (Throwable e) {
                // No handler's failure, those are caught where it is called: an adapter or a store broke its contract.
                log.atError()
                        .addKeyValue("group", group)
                        .addKeyValue("messageId", work.message().id())
                        .setCause(e)
                        .log("'{}' could not go on with {}, and tries again", group, work.message());
                resumeAfter(work, TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
                return false;
            }
        }

        private synchronized void interrupt() {
            Thread target = thread;
            if (target != null) {
                isInterrupted = true;
                target.interrupt();
            }
        }

        // The thread goes back to its executor: an interrupt that was meant for a handler must not hit what comes next
        // there.
        private synchronized void leaveThread() {
            thread = null;
            if (isInterrupted) {
                boolean unused = Thread.interrupted();
            }
        }
    }
}
