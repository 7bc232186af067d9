package io.eda.observation;

import io.eda.bus.DeadLetter;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What has become of an event at one place. Found out from what is kept anyway; what cannot be found out is {@link Unknown}, and is never
 * guessed.
 */
public sealed interface Outcome {

    /**
     * It is done there.
     *
     * @param evidence what tells so
     */
    record Passed(String evidence) implements Outcome {}

    /**
     * It has not come there, or not had its turn.
     *
     * @param where what tells so
     */
    record NotYet(String where) implements Outcome {}

    /** That place does not ask for events of this type. */
    record NotWanted() implements Outcome {}

    /**
     * It failed there, and is tried again.
     *
     * @param attempts how often it has failed; 1 where nobody counts, as a relay does not
     * @param error the last error
     */
    record Failing(int attempts, String error) implements Outcome {}

    /**
     * It failed there and was left out for good.
     *
     * @param attempts how often it has failed
     * @param error the last error
     */
    record Skipped(int attempts, String error) implements Outcome {}

    /**
     * It waits there, with the later events of its aggregate, until somebody replays or drops it.
     *
     * @param attempts how often it has failed; 0 where it waits behind an earlier one that has
     * @param error the last error; empty where it waits behind another
     */
    record Parked(int attempts, String error) implements Outcome {}

    /**
     * It lies in the dead letters of the group.
     *
     * @param letterId by which it is replayed or dropped
     * @param reason what kind of failure it was
     * @param attempts how often it has failed
     * @param error the last error
     * @param first when it failed first, where that is known
     * @param last when it failed last, where that is known
     */
    record DeadLettered(
            String letterId,
            DeadLetter.Reason reason,
            int attempts,
            String error,
            Optional<Instant> first,
            Optional<Instant> last)
            implements Outcome {}

    /**
     * Somebody is handling it, or has died doing so.
     *
     * @param remaining how long the claim lasts still
     */
    record InHand(Duration remaining) implements Outcome {}

    /**
     * Nobody can tell.
     *
     * @param reason why not
     */
    record Unknown(String reason) implements Outcome {}
}
