package io.eda.bus;

import java.time.Duration;
import java.time.Instant;

/** The failed attempts at one event. */
final class Failures {

    private final Instant first;
    private final long firstNanos;
    private Instant last;
    private Throwable latest;
    private int count;

    /**
     * Begins with the first failure.
     *
     * @param before how many attempts have failed elsewhere, as the transport tells
     */
    Failures(int before, Throwable failure, Instant now, long nanos) {
        this.first = now;
        this.firstNanos = nanos;
        this.last = now;
        this.latest = failure;
        this.count = before + 1;
    }

    void add(Throwable failure, Instant now) {
        latest = failure;
        last = now;
        count++;
    }

    int count() {
        return count;
    }

    Instant first() {
        return first;
    }

    Instant last() {
        return last;
    }

    Throwable latest() {
        return latest;
    }

    Duration since(long nanos) {
        return Duration.ofNanos(nanos - firstNanos);
    }
}
