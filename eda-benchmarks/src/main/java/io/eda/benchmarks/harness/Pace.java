package io.eda.benchmarks.harness;

import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * When callers call.
 *
 * @param perSecond how many calls begin in a second, whoever is free taking the next; none means that each caller calls again
 *     as soon as it has an answer
 */
public record Pace(OptionalInt perSecond) {

    private static final long SECOND = 1_000_000_000L;

    /** Checks the rate. */
    public Pace {
        if (perSecond.isPresent() && (perSecond.getAsInt() < 1 || perSecond.getAsInt() > SECOND)) {
            throw new IllegalArgumentException(perSecond.getAsInt() + " calls a second is no pace: use 1 to " + SECOND);
        }
    }

    /** A closed loop: the next call follows the answer. */
    public static Pace asFastAsPossible() {
        return new Pace(OptionalInt.empty());
    }

    /**
     * An open loop. The latency of a call counts from when it was due, so that a stall is paid by every call that it delays
     * and not by one alone.
     */
    public static Pace perSecond(int calls) {
        return new Pace(OptionalInt.of(calls));
    }

    /** Returns the calls of all callers together. */
    Arrivals arrivals(long start) {
        if (perSecond.isEmpty()) {
            return System::nanoTime;
        }
        long interval = SECOND / perSecond.getAsInt();
        AtomicLong next = new AtomicLong(start);
        return () -> awaited(next.getAndAdd(interval));
    }

    private static long awaited(long due) {
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        return due;
    }

    /** The moments at which calls begin. Thread-safe. */
    @FunctionalInterface
    interface Arrivals {

        /** Waits until a call is due, and returns since when it is. */
        long awaitNext();
    }
}
