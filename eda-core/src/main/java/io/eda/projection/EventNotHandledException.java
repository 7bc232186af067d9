package io.eda.projection;

import io.eda.event.EventRecord;
import io.eda.store.StoredEvent;

/** A projection stands because it could not handle one event. Nothing is lost: it stands before it, and tries again. */
public final class EventNotHandledException extends RuntimeException {

    private final transient StoredEvent<EventRecord> event;
    private final int attempts;

    /** Names the event. */
    public EventNotHandledException(String name, StoredEvent<EventRecord> event, int attempts, Throwable cause) {
        super(
                "'" + name + "' could not handle " + event.event().eventType() + " "
                        + event.event().eventId() + " of "
                        + event.event().aggregateId() + ", version "
                        + event.event().aggregateVersion()
                        + ", at position " + event.position() + ", in " + attempts + " attempts: " + cause
                        + ". Correct the handler or the read model, then call resume(); or let its policy skip or park"
                        + " such events.",
                cause);
        this.event = event;
        this.attempts = attempts;
    }

    /** Returns the event, as it is stored. */
    public StoredEvent<EventRecord> event() {
        return event;
    }

    /** Returns how often it was tried in a row. */
    public int attempts() {
        return attempts;
    }
}
