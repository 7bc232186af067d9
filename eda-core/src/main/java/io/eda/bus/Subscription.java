package io.eda.bus;

import java.util.Optional;
import java.util.UUID;

/** An open subscription. Unsubscribing is closing. */
public interface Subscription extends AutoCloseable {

    /** Returns how it is. */
    SubscriptionStatus status();

    /**
     * Returns how the event has failed here, in this process, also where a later attempt has succeeded; nothing where it has not, or was not
     * among the latest thousand that have.
     */
    default Optional<FailedAttempts> failuresOf(UUID eventId) {
        return Optional.empty();
    }

    /**
     * Takes no new event, waits for the handlers at work, and gives back what was not begun: it is delivered to another
     * member of the group, or when the group subscribes again. A handler that takes longer than the close timeout is
     * interrupted and its event given back. Idempotent; may be called by a handler, and then does not wait for that one.
     */
    @Override
    void close();
}
