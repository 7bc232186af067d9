package io.eda.benchmarks.relay;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** How many messages a raw client has published and nobody has confirmed: as many as the relay may have. */
final class Window {

    static final int SIZE = 1_000;

    private static final int PATIENCE_SECONDS = 30;

    private final Semaphore free = new Semaphore(SIZE);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    void enter() throws InterruptedException {
        take(1);
    }

    /** Waits until everything is confirmed. */
    void awaitAll() throws InterruptedException {
        take(SIZE);
    }

    private void take(int count) throws InterruptedException {
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
}
