package io.eda.bus;

import java.time.Instant;

/**
 * How often one event has failed in a subscription of this process.
 *
 * @param attempts how many attempts have failed
 * @param error what was thrown last: its class, and its message cut to {@value #MAX_ERROR_LENGTH} characters
 * @param first when the first attempt failed
 * @param last when the last attempt failed
 * @param state what has become of the event
 */
public record FailedAttempts(int attempts, String error, Instant first, Instant last, State state) {

    /** How long the text of an error is at most. */
    public static final int MAX_ERROR_LENGTH = 500;

    /** What has become of an event that has failed. */
    public enum State {
        /** It waits for another attempt, or is in the middle of it. */
        WAITING,
        /** A later attempt has succeeded. */
        HANDLED,
        /** It was given up: it lies in the dead letters, or is parked. */
        GIVEN_UP
    }

    FailedAttempts in(State newState) {
        return new FailedAttempts(attempts, error, first, last, newState);
    }
}
