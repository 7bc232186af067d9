package io.eda.idempotency;

import java.time.Duration;

/** The answer to the wish to handle an event. Three answers, because "no" alone would lose the event of a dead handler. */
public sealed interface Claim {

    /**
     * The event is the asker's, until the lease ends.
     *
     * @param token what shows that it is
     */
    record Granted(String token) implements Claim {}

    /**
     * Another one is at it. The event must not be acknowledged, because that one may be dead.
     *
     * @param remaining how long its lease lasts still
     */
    record InProgress(Duration remaining) implements Claim {}

    /** The event was handled. */
    record Completed() implements Claim {}
}
