package io.eda.benchmarks.harness;

import java.time.Duration;

/**
 * How long a comparison takes, and on what its callers run.
 *
 * @param rounds how often each contender is measured
 * @param warmUp how long it runs before, in each round
 * @param measured how long it is measured, in each round
 * @param threads what the callers of every contender run on
 */
public record Plan(int rounds, Duration warmUp, Duration measured, CallerThreads threads) {

    private static final Plan FULL = new Plan(5, Duration.ofSeconds(2), Duration.ofSeconds(6), CallerThreads.PLATFORM);
    private static final Plan BRIEF = new Plan(3, Duration.ofSeconds(1), Duration.ofSeconds(4), CallerThreads.PLATFORM);
    private static final Plan TURNS =
            new Plan(61, Duration.ofMillis(100), Duration.ofMillis(500), CallerThreads.PLATFORM);
    private static final Plan QUICK = new Plan(1, Duration.ofSeconds(1), Duration.ofSeconds(1), CallerThreads.PLATFORM);

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

    /** Three rounds of four seconds after one: for what is measured many times over. */
    public static Plan brief() {
        return BRIEF;
    }

    /** Sixty-one rounds of half a second: for small differences between contenders whose sessions stay open. */
    public static Plan turns() {
        return TURNS;
    }

    /** One round of one second after one: shows that everything works, and hardly more. */
    public static Plan quick() {
        return QUICK;
    }

    /** Returns the same with callers on virtual threads. */
    public Plan onVirtualThreads() {
        return new Plan(rounds, warmUp, measured, CallerThreads.VIRTUAL);
    }

    @Override
    public String toString() {
        return rounds + (rounds == 1 ? " round of " : " rounds of ") + seconds(measured) + " after " + seconds(warmUp)
                + (threads == CallerThreads.VIRTUAL ? ", callers on virtual threads" : "");
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() / 1000.0 + " s";
    }
}
