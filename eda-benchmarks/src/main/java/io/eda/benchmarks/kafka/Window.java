package io.eda.benchmarks.kafka;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/** How many may be unconfirmed at once, and the first failure. */
final class Window {

    private final Semaphore free = new Semaphore(10_000);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    void enter(int messages) throws InterruptedException {
        free.acquire(messages);
        Throwable first = failure.get();
        if (first != null) {
            throw new IllegalStateException("A message was not confirmed", first);
        }
    }

    void leave(Throwable whyNot) {
        if (whyNot != null) {
            failure.compareAndSet(null, whyNot);
        }
        free.release();
    }
}
