package io.eda.projection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Who waits for which position. Thread-safe; futures are completed outside the lock. */
final class PositionWaiters {

    private static final long FIRST_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long LONGEST_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Supplier<Progress> progress;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Waiter> waiting = new ArrayList<>();
    private long pollNanos = FIRST_POLL_NANOS;

    PositionWaiters(Supplier<Progress> progress) {
        this.progress = progress;
    }

    boolean isEmpty() {
        lock.lock();
        try {
            return waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Returns the pause before the next look at the store: short for whoever has just come, longer with patience. */
    long nextPollNanos() {
        lock.lock();
        try {
            long pause = pollNanos;
            pollNanos = Math.min(pollNanos * 2, LONGEST_POLL_NANOS);
            return pause;
        } finally {
            lock.unlock();
        }
    }

    /** Blocks the caller; {@code look} is called once somebody waits, so that nothing that happened before is missed. */
    void await(long target, Duration timeout, Runnable look) throws InterruptedException {
        Waiter waiter = enter(target);
        try {
            look.run();
            waiter.future.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | CancellationException e) {
            throw new PositionNotReachedException(target, timeout, progress.get());
        } catch (ExecutionException e) {
            throw new IllegalStateException("Waiting for position " + target + " failed", e.getCause());
        } finally {
            leave(waiter);
        }
    }

    CompletableFuture<Void> add(long target, Duration timeout) {
        Waiter waiter = enter(target);
        // Progress may ask the store, and the thread of the JDK's timer must not wait for that.
        return waiter.future
                .orTimeout(Math.max(timeout.toNanos(), 1), TimeUnit.NANOSECONDS)
                .whenComplete((nothing, error) -> leave(waiter))
                .exceptionallyAsync(error -> {
                    throw new PositionNotReachedException(target, timeout, progress.get());
                });
    }

    /** Completes whoever waited for {@code position} or less. */
    void reached(long position) {
        List<Waiter> done;
        lock.lock();
        try {
            done = waiting.stream().filter(waiter -> waiter.target <= position).toList();
            waiting.removeAll(done);
        } finally {
            lock.unlock();
        }
        done.forEach(waiter -> waiter.future.complete(null));
    }

    /** Nobody will come further: ends every wait. */
    void failAll() {
        List<Waiter> left;
        lock.lock();
        try {
            left = List.copyOf(waiting);
            waiting.clear();
        } finally {
            lock.unlock();
        }
        left.forEach(waiter -> waiter.future.cancel(false));
    }

    private Waiter enter(long target) {
        Waiter waiter = new Waiter(target, new CompletableFuture<>());
        lock.lock();
        try {
            waiting.add(waiter);
            pollNanos = FIRST_POLL_NANOS;
        } finally {
            lock.unlock();
        }
        return waiter;
    }

    private void leave(Waiter waiter) {
        lock.lock();
        try {
            waiting.remove(waiter);
        } finally {
            lock.unlock();
        }
    }

    // Compared by identity of the future, so two who wait for the same position are two.
    private record Waiter(long target, CompletableFuture<Void> future) {}
}
