package io.eda.retry;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Growing pauses between attempts: the n-th is drawn evenly from the upper three quarters of {@code initial × 2ⁿ⁻¹},
 * at most {@code max}, so that many who failed together do not come back together.
 *
 * @param initial the bound of the first pause, positive
 * @param max the bound of all pauses, not below {@code initial}
 */
public record Backoff(Duration initial, Duration max) {

    private static final int MAX_DOUBLINGS = 40;

    /** Checks that the pauses grow. */
    public Backoff {
        if (initial.isNegative() || initial.isZero() || max.compareTo(initial) < 0) {
            throw new IllegalArgumentException("A backoff from " + initial + " to " + max
                    + ": the first pause must be positive, and the longest not below it");
        }
    }

    /** Returns the pause after the {@code failures}-th failure in a row, counted from 1. */
    public Duration after(int failures, RandomGenerator random) {
        int doublings = Math.min(Math.max(failures, 1) - 1, MAX_DOUBLINGS);
        double bound = Math.min(initial.toNanos() * Math.pow(2, doublings), (double) max.toNanos());
        return Duration.ofNanos((long) (bound / 4 + random.nextDouble() * bound * 3 / 4));
    }
}
