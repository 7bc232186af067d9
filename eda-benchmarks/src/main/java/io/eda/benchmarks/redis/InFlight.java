package io.eda.benchmarks.redis;

import io.eda.benchmarks.harness.Operation;
import io.eda.benchmarks.harness.Session;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One caller that keeps a number of events under way, each from its claim to its completion. What it does over and over is to
 * begin the next event as soon as one has ended, so events begun are events ended, but for the first.
 */
final class InFlight implements Session {

    private final int limit;
    private final Supplier<CompletionStage<Boolean>> event;
    private final AutoCloseable connection;
    private final Semaphore free;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    InFlight(int limit, Supplier<CompletionStage<Boolean>> event, AutoCloseable connection) {
        this.limit = limit;
        this.event = event;
        this.connection = connection;
        this.free = new Semaphore(limit);
    }

    @Override
    public Operation caller(int index) {
        return watch -> {
            free.acquire();
            var unused = event.get().whenComplete((isDone, error) -> {
                if (error != null || !isDone) {
                    failure.compareAndSet(null, error != null ? error : new IllegalStateException("a claim was lost"));
                }
                free.release();
            });
            Throwable failed = failure.get();
            if (failed != null) {
                throw new IllegalStateException("An event failed: its figure would mean nothing", failed);
            }
            return 1;
        };
    }

    @Override
    public void close() throws Exception {
        free.acquire(limit);
        connection.close();
    }
}
