package io.eda.bus;

import java.util.concurrent.TimeUnit;

/**
 * Something that hits many events for a while, and that a log tells once: when it begins. What flickers is told at most every ten
 * seconds. Thread-safe.
 */
final class Incident {

    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

    private volatile boolean isUnderWay;
    // Guarded by this.
    private long toldAt = System.nanoTime() - QUIET_NANOS;

    /** Returns whether this is the first of it since it was over, and is to be told. */
    boolean begins() {
        return !isUnderWay && begin();
    }

    private synchronized boolean begin() {
        long now = System.nanoTime();
        boolean isTold = !isUnderWay && now - toldAt >= QUIET_NANOS;
        isUnderWay = true;
        if (isTold) {
            toldAt = now;
        }
        return isTold;
    }

    void isOver() {
        // Read first: a write for every event would send this line from one processor's cache to the other.
        if (isUnderWay) {
            isUnderWay = false;
        }
    }
}
