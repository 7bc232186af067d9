package io.eda.retry;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * How often something that failed is tried again, and when: some attempts at once, then some with growing pauses, all within
 * a time. A failure that another attempt cannot mend ends it at once. Immutable and thread-safe.
 *
 * @param immediate how many attempts are made without a pause, the first one counted; 3 by default
 * @param delayed how many more are made, each after a pause; 10 by default
 * @param backoff the pauses; from 100 ms to 30 s by default
 * @param limit how long after its first failure the last attempt may begin; 5 minutes by default
 * @param probeAfter after how many failures in a row, whatever failed, only one thing at a time is tried until one succeeds; 20
 *     by default
 * @param isRetryable says of one exception whether another attempt may help; asked about the failure and each of its causes, and
 *     all of them must be; true by default
 */
public record RetryPolicy(
        int immediate, int delayed, Backoff backoff, Duration limit, int probeAfter, Predicate<Throwable> isRetryable) {

    /** A cause chain that is longer, or a circle, is looked at no further. */
    private static final int MAX_CAUSES = 32;

    /** Checks the limits. */
    public RetryPolicy {
        if (immediate < 1 || delayed < 0 || probeAfter < 1 || limit.isNegative()) {
            throw new IllegalArgumentException(
                    "A retry policy of " + immediate + " attempts at once, " + delayed
                            + " delayed ones, within " + limit + ", probing after " + probeAfter
                            + " failures: make at least 1 attempt, probe after at least 1 failure, and let no number be negative");
        }
    }

    /** Returns the policy with the defaults: 13 attempts within 5 minutes. */
    public static RetryPolicy defaults() {
        return new RetryPolicy(
                3,
                10,
                new Backoff(Duration.ofMillis(100), Duration.ofSeconds(30)),
                Duration.ofMinutes(5),
                20,
                failure -> true);
    }

    /** Returns a policy that tries once. */
    public static RetryPolicy once() {
        return defaults().withAttempts(1, 0);
    }

    /** Returns how many attempts are made at most. */
    public int attempts() {
        return immediate + delayed;
    }

    /**
     * Returns the pause before the next attempt, or nothing where there is none.
     *
     * @param failures how many attempts have failed, from 1
     * @param since how long ago the first of them failed
     * @param failure what the latest of them failed with
     */
    public Optional<Duration> pauseAfter(int failures, Duration since, Throwable failure, RandomGenerator random) {
        if (failures >= attempts() || !mayHelp(failure)) {
            return Optional.empty();
        }
        if (failures < immediate) {
            return since.compareTo(limit) > 0 ? Optional.empty() : Optional.of(Duration.ZERO);
        }
        Duration pause = backoff.after(failures - immediate + 1, random);
        return since.plus(pause).compareTo(limit) > 0 ? Optional.empty() : Optional.of(pause);
    }

    /** Returns whether another attempt may mend {@code failure}: whether all of its causes are retryable. */
    public boolean mayHelp(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; i < MAX_CAUSES && cause != null; i++) {
            if (!isRetryable.test(cause)) {
                return false;
            }
            cause = cause.getCause();
        }
        return true;
    }

    /** Returns a copy with {@code atOnce} attempts without a pause and {@code later} ones with. */
    public RetryPolicy withAttempts(int atOnce, int later) {
        return new RetryPolicy(atOnce, later, backoff, limit, probeAfter, isRetryable);
    }

    /** Returns a copy with other pauses. */
    public RetryPolicy withBackoff(Backoff pauses) {
        return new RetryPolicy(immediate, delayed, pauses, limit, probeAfter, isRetryable);
    }

    /** Returns a copy whose last attempt begins within {@code time} of the first failure. */
    public RetryPolicy withLimit(Duration time) {
        return new RetryPolicy(immediate, delayed, backoff, time, probeAfter, isRetryable);
    }

    /** Returns a copy that probes after {@code failures} in a row. */
    public RetryPolicy withProbeAfter(int failures) {
        return new RetryPolicy(immediate, delayed, backoff, limit, failures, isRetryable);
    }

    /** Returns a copy that also gives up at once where the failure, or a cause of it, is a {@code hopeless} one. */
    public RetryPolicy withNonRetryable(Class<? extends Throwable> hopeless) {
        return new RetryPolicy(
                immediate,
                delayed,
                backoff,
                limit,
                probeAfter,
                isRetryable.and(failure -> !hopeless.isInstance(failure)));
    }
}
