package io.eda.broker.kafka;

import java.time.Duration;
import java.util.function.Consumer;

/** A thread that runs one session after the other, with growing pauses behind those that failed early, until it is ended. */
final class SessionThread {

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Runnable session;
    private final Consumer<Throwable> onFailure;
    private final Thread thread;
    private volatile boolean isOpen = true;

    SessionThread(String name, Runnable session, Consumer<Throwable> onFailure) {
        this.session = session;
        this.onFailure = onFailure;
        this.thread = Threads.named(name).newThread(this::runUntilEnded);
    }

    void start() {
        thread.start();
    }

    boolean isOpen() {
        return isOpen;
    }

    boolean isThis(Thread other) {
        return thread == other;
    }

    /** Asks it to end. Returns whether this was the first to ask. */
    synchronized boolean end() {
        boolean wasOpen = isOpen;
        isOpen = false;
        notifyAll();
        return wasOpen;
    }

    void awaitEnd(Duration limit) {
        Waiting.forEnd(thread, limit);
    }

    private void runUntilEnded() {
        Duration pause = SHORTEST_PAUSE;
        while (isOpen) {
            long begun = System.nanoTime();
            try {
                session.run();
            } catch (Throwable e) {
                if (isOpen) {
                    onFailure.accept(e);
                }
            }
            boolean wasLong = System.nanoTime() - begun > LONGEST_PAUSE.toNanos() * 4;
            Duration twice = pause.multipliedBy(2);
            pause = wasLong ? SHORTEST_PAUSE : twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
            pauseUnlessEnded(pause);
        }
    }

    private synchronized void pauseUnlessEnded(Duration pause) {
        try {
            long end = System.nanoTime() + pause.toNanos();
            long left = pause.toMillis();
            while (isOpen && left > 0) {
                wait(left);
                left = (end - System.nanoTime()) / 1_000_000;
            }
        } catch (InterruptedException e) {
            isOpen = false;
        }
    }
}
