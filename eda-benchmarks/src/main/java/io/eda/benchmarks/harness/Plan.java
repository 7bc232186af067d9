package io.eda.benchmarks.harness;

import java.time.Duration;

/**
 * How long a comparison takes.
 *
 * @param rounds how often each contender is measured
 * @param warmUp how long it runs before, in each round
 * @param measured how long it is measured, in each round
 */
public record Plan(int rounds, Duration warmUp, Duration measured) {

    private static final Plan FULL = new Plan(5, Duration.ofSeconds(2), Duration.ofSeconds(6));
    private static final Plan QUICK = new Plan(1, Duration.ofSeconds(1), Duration.ofSeconds(1));

    /** Checks that something is measured. */
    public Plan {
        if (rounds < 1 || warmUp.isNegative() || measured.isNegative() || measured.isZero()) {
            throw new IllegalArgumentException("A plan of " + rounds + " rounds of " + measured + " after " + warmUp
                    + " measures nothing: use at least one round and some time");
        }
    }

    /** Five rounds of six seconds after two: for figures that are written down. */
    public static Plan full() {
        return FULL;
    }

    /** One round of one second after one: shows that everything works, and hardly more. */
    public static Plan quick() {
        return QUICK;
    }

    @Override
    public String toString() {
        return rounds + (rounds == 1 ? " round of " : " rounds of ") + seconds(measured) + " after " + seconds(warmUp);
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() / 1000.0 + " s";
    }
}
