package io.eda.store.postgres;

import io.eda.store.Append;
import io.eda.store.AppendOutcomeUnknownException;
import io.eda.store.AppendResult;
import io.eda.store.EventStorageException;
import io.micrometer.core.instrument.DistributionSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Group commit in the client. A lane sends whatever waits in one statement, and never waits for more; so a lone append is sent
 * at once, by its own caller, and under load each round trip and each flush to the disk carries many. Two or a few lanes keep
 * the server busy while answers travel; more would make the batches smaller and the flushes more.
 *
 * <p>Every request gets its own answer. Where a batch is rolled back, because of a collision or because one of its requests
 * cannot be stored, each of its requests is sent alone.
 *
 * <p>Threads are started when requests first have to wait, and end on {@link #close}.
 */
final class AppendLanes implements AutoCloseable {

    private final AppendQueue queue;
    private final EventAppender appender;
    private final BatchAppender batches;
    private final Runnable onAppend;
    private final int lanes;
    private final long deadlineNanos;
    private final List<Thread> threads = new ArrayList<>();
    private volatile @Nullable DistributionSummary batchSizes;

    AppendLanes(EventAppender appender, BatchAppender batches, PostgresOptions options, Runnable onAppend) {
        this.queue = new AppendQueue(options.maxWaitingAppends(), options.maxWaitingBytes(), options.lanes());
        this.appender = appender;
        this.batches = batches;
        this.onAppend = onAppend;
        this.lanes = options.lanes();
        this.deadlineNanos = options.appendDeadline().toNanos();
    }

    /** Tells {@code sizes} from now on how many appends share a statement. */
    void measureBatches(DistributionSummary sizes) {
        batchSizes = sizes;
    }

    /** Returns how many appends are accepted and not answered. */
    int waiting() {
        return queue.size();
    }

    /** Appends, and waits for the answer. */
    AppendResult append(Append append) {
        PendingAppend pending = enter(append, true);
        try {
            // Without a time limit of its own, which would cost a timer each: a lane answers whatever it has taken,
            // and asks the server for no longer than the deadline and one statement's timeout.
            return pending.answer().get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new EventStorageException("Append failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AppendOutcomeUnknownException(append, e);
        }
    }

    /** Appends; waits for room among the waiting alone. What is refused before it is sent fails the future too. */
    CompletableFuture<AppendResult> appendAsync(Append append) {
        try {
            return enter(append, false).answer();
        } catch (EventStorageException refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    private PendingAppend enter(Append append, boolean mayRun) {
        EventColumns.check(append);
        PendingAppend pending = PendingAppend.of(append, System.nanoTime() + deadlineNanos);
        try {
            if (queue.enter(pending, mayRun)) {
                send(List.of(pending));
            } else {
                startThreads();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EventStorageException("Append to " + append.aggregateId()
                    + " was interrupted while it waited for room. Nothing was stored.");
        }
        return pending;
    }

    private void send(List<PendingAppend> batch) {
        DistributionSummary sizes = batchSizes;
        if (sizes != null) {
            sizes.record(batch.size());
        }
        try {
            List<PendingAppend> inTime = inTime(batch);
            if (inTime.size() > 1) {
                sendTogether(inTime);
            } else {
                inTime.forEach(pending -> answer(pending, () -> appender.append(pending.append(), pending.deadline())));
            }
        } finally {
            queue.done(batch);
            // Once for all of them; where none was stored, it costs those who wait for events one look.
            onAppend.run();
        }
    }

    private void sendTogether(List<PendingAppend> batch) {
        BatchAppender.Outcome outcome = batches.attempt(batch);
        for (int i = 0; i < batch.size(); i++) {
            PendingAppend pending = batch.get(i);
            Append append = pending.append();
            Optional<AppendResult> result = outcome.answers().get(i);
            answer(
                    pending,
                    () -> result.orElseGet(() -> outcome.loss()
                            .map(lost -> appender.appendAfter(lost, append, pending.deadline()))
                            .orElseGet(() -> appender.append(append, pending.deadline()))));
        }
    }

    private static void answer(PendingAppend pending, Supplier<AppendResult> result) {
        try {
            pending.answer().complete(result.get());
        } catch (Throwable e) {
            // Whatever it is, it is this request's answer: a lane must live on for the others.
            pending.answer().completeExceptionally(e);
        }
    }

    private List<PendingAppend> inTime(List<PendingAppend> batch) {
        return batch.stream()
                .filter(pending -> !pending.isOver() || refuse(pending))
                .toList();
    }

    private static boolean refuse(PendingAppend pending) {
        pending.answer()
                .completeExceptionally(new EventStorageException("Append to "
                        + pending.append().aggregateId()
                        + " waited for a lane up to its deadline. Nothing was stored. The"
                        + " database is slower than the callers: let fewer append at once."));
        return false;
    }

    private void startThreads() {
        synchronized (threads) {
            while (threads.size() < lanes) {
                Thread thread = new Thread(this::run, "eda-append-" + threads.size());
                thread.setDaemon(true);
                threads.add(thread);
                thread.start();
            }
        }
    }

    private void run() {
        try {
            for (List<PendingAppend> batch = queue.take(); !batch.isEmpty(); batch = queue.take()) {
                send(batch);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Refuses what comes now, and waits for what was accepted, up to the deadline. */
    @Override
    public void close() {
        try {
            boolean unused = queue.closeAndDrain(2 * deadlineNanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
