package io.eda.benchmarks.harness;

/** Measures the latency of one caller's operations. For one thread. */
public final class Stopwatch {

    private long began;

    /** Begins now. */
    public Stopwatch() {
        restart();
    }

    /** Starts at a moment of {@code System.nanoTime()} that may have passed already. */
    void startAt(long nanoTime) {
        began = nanoTime;
    }

    /** Forgets the time so far. */
    public void restart() {
        began = System.nanoTime();
    }

    long nanosUntil(long nanoTime) {
        return nanoTime - began;
    }
}
