package io.eda.idempotency;

import java.util.Objects;
import java.util.UUID;

/**
 * One event for one group: each group handles every event, and each only once.
 *
 * @param group the group of consumers
 * @param eventId the event
 */
public record IdempotencyKey(String group, UUID eventId) {

    /** Checks that nothing is missing. */
    public IdempotencyKey {
        if (group.isBlank()) {
            throw new IllegalArgumentException("An idempotency key without a group: name the group of consumers");
        }
        Objects.requireNonNull(eventId, "eventId");
    }
}
