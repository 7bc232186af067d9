package io.eda.observation;

import java.time.Duration;

/**
 * How much an {@link EventLifecycle} looks at for one answer.
 *
 * @param positions how many positions of the history are searched for events of the conversation, from 1. Default 200 000, which
 *     PostgreSQL reads in about a tenth of a second
 * @param events how many events one answer holds, 1 to 5 000. Default 500
 * @param letters how many dead letters of each group, and failed events of each projection, are looked through, from 1. Default 1 000
 * @param records how many messages of a broker's log are looked through for each group, from 1, where the broker keeps them.
 *     Default 100 000
 * @param timeout how long the store of claims of each group is waited for, and then its broker. Default 5 seconds
 */
public record LifecycleLimits(int positions, int events, int letters, int records, Duration timeout) {

    private static final LifecycleLimits DEFAULTS =
            new LifecycleLimits(200_000, 500, 1_000, 100_000, Duration.ofSeconds(5));

    /** Checks every limit. */
    public LifecycleLimits {
        if (positions < 1 || events < 1 || events > 5_000 || letters < 1 || records < 1) {
            throw new IllegalArgumentException(
                    "A lifecycle over " + positions + " positions, " + events + " events, " + letters + " letters and "
                            + records + " records: use at least 1 of each, and 5 000 events at most");
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException(
                    "A lifecycle that waits " + timeout + " for an answer: give it some time, such as 5 seconds");
        }
    }

    /** Returns the defaults. */
    public static LifecycleLimits defaults() {
        return DEFAULTS;
    }

    /** Returns a copy that searches this many positions. */
    public LifecycleLimits withPositions(int newPositions) {
        return new LifecycleLimits(newPositions, events, letters, records, timeout);
    }

    /** Returns a copy whose answers hold this many events. */
    public LifecycleLimits withEvents(int newEvents) {
        return new LifecycleLimits(positions, newEvents, letters, records, timeout);
    }

    /** Returns a copy that looks through this many letters of each place. */
    public LifecycleLimits withLetters(int newLetters) {
        return new LifecycleLimits(positions, events, newLetters, records, timeout);
    }

    /** Returns a copy that looks through this many messages of a broker's log for each group. */
    public LifecycleLimits withRecords(int newRecords) {
        return new LifecycleLimits(positions, events, letters, newRecords, timeout);
    }

    /** Returns a copy that waits this long for stores of claims, and for brokers. */
    public LifecycleLimits withTimeout(Duration newTimeout) {
        return new LifecycleLimits(positions, events, letters, records, newTimeout);
    }
}
