package io.eda.benchmarks.rabbitmq;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Bounds what a caller has published and nobody has confirmed. */
final class Window {

    private static final int PATIENCE_SECONDS = 30;

    private final int size;
    private final Semaphore free;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    Window(int size) {
        this.size = size;
        this.free = new Semaphore(size);
    }

    void take(int count) throws Exception {
        if (!free.tryAcquire(count, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("No confirm came for " + PATIENCE_SECONDS + " s");
        }
        if (failure.get() != null) {
            throw new IllegalStateException("A message was not confirmed", failure.get());
        }
    }

    void confirmed(int count) {
        free.release(count);
    }

    void failed(Throwable why) {
        failure.compareAndSet(null, why);
        free.release();
    }

    /** Waits for the rest. */
    void awaitAll() throws Exception {
        take(size);
    }
}
