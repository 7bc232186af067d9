package io.eda.bus;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a subscription is.
 *
 * @param group its group
 * @param state what it does
 * @param handled how many events it has handled, duplicates that it has recognised among them
 * @param failed how many attempts have failed
 * @param deadLettered how many events have gone to the dead letters, or were parked
 * @param inFlight how many events it has received and not settled
 * @param waiting how many aggregates wait now because an event of theirs failed and will be tried again
 * @param waitingKeys some of them, {@value #MAX_KEYS} at most, each as {@code topic/key}
 * @param lastFailure why one of them waits, or why it does not receive; nothing while all is well
 * @param lag how many events wait for the group at the broker, as last heard; nothing where that is not known
 */
public record SubscriptionStatus(
        String group,
        State state,
        long handled,
        long failed,
        long deadLettered,
        int inFlight,
        int waiting,
        List<String> waitingKeys,
        Optional<Throwable> lastFailure,
        OptionalLong lag) {

    /** How many keys a status names. */
    public static final int MAX_KEYS = 10;

    /** What a subscription does. */
    public enum State {
        /** It is about to receive. */
        STARTING,
        /** It receives and handles. */
        CONSUMING,
        /** Too many attempts in a row have failed: it tries one event at a time until one succeeds. */
        PROBING,
        /** It holds as much as it may, and asks for more when half of that is done with. */
        PAUSED,
        /** The attempts of an event are used up, and its aggregate waits until it succeeds. */
        BLOCKED,
        /** The transport does not receive, and tries to; the failure says why. */
        FAILED,
        /** It is closed, or about to be. */
        CLOSED
    }

    /** Returns whether it receives, or will again by itself. */
    public boolean isOpen() {
        return state != State.CLOSED;
    }

    /** Returns whether it handles what comes, and no aggregate waits. */
    public boolean isHealthy() {
        return (state == State.CONSUMING || state == State.PAUSED) && waiting == 0;
    }
}
