package io.eda.bus;

import io.eda.transport.Message;
import java.time.Instant;
import java.util.Optional;

/**
 * A message that a group could not handle, and why.
 *
 * @param id the letter's own id, by which it is replayed or dropped
 * @param message the message as it came: id, key, headers and bytes
 * @param group whose letter it is
 * @param reason what kind of failure it was
 * @param exception the class of the exception of the last attempt; blank where the transport itself gave up
 * @param text the exception's message, cut to 500 characters
 * @param position where the broker had it
 * @param attempts how many attempts have failed
 * @param firstFailure when the first one failed, where that is known
 * @param lastFailure when the last one failed, where that is known
 */
public record DeadLetter(
        String id,
        Message message,
        String group,
        Reason reason,
        String exception,
        String text,
        String position,
        int attempts,
        Optional<Instant> firstFailure,
        Optional<Instant> lastFailure) {

    /** The kinds of failure. */
    public enum Reason {
        /** The handler has failed as often as it may. */
        EXHAUSTED,
        /** The handler has failed with what another attempt cannot mend. */
        NOT_RETRYABLE,
        /** It is no event, or one of a type or version that the catalogue does not know; no handler has seen it. */
        UNDECODABLE,
        /** Its aggregate was parked when it came; no handler has seen it. */
        BEHIND_PARKED,
        /** The transport itself has given it up; it says no more. */
        REJECTED
    }
}
