package io.eda.broker.kafka;

import java.time.Duration;

/**
 * By when several steps are done together.
 *
 * @param nanos by {@link System#nanoTime}
 */
record Deadline(long nanos) {

    static Deadline in(Duration limit) {
        return new Deadline(System.nanoTime() + limit.toNanos());
    }

    boolean isOver() {
        return nanos - System.nanoTime() <= 0;
    }

    /** Returns what is left, never less than nothing. */
    Duration left() {
        return Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
    }

    /** Returns what is left, but not more than {@code longest}. */
    Duration left(Duration longest) {
        Duration left = left();
        return left.compareTo(longest) < 0 ? left : longest;
    }
}
