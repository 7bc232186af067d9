package io.eda.bus;

import io.eda.idempotency.IdempotencyKey;
import java.time.Duration;

/** Another attempt at this event is under way, or died: it comes again and is then found completed, or free. */
final class EventInProgressException extends RuntimeException {

    private final transient Duration remaining;

    EventInProgressException(IdempotencyKey key, Duration remaining) {
        super("Event " + key.eventId() + " is being handled for '" + key.group() + "' by another attempt, whose lease"
                + " lasts " + remaining.toMillis() + " ms still: try again after that");
        this.remaining = remaining;
    }

    /** Returns how long the other attempt's lease lasts at most. */
    Duration remaining() {
        return remaining;
    }
}
