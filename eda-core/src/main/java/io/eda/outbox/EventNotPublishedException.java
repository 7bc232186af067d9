package io.eda.outbox;

import io.eda.event.EventRecord;
import io.eda.store.StoredEvent;

/** A relay stands before an event that it could not publish. Nothing is lost: it tries again. */
public final class EventNotPublishedException extends RuntimeException {

    private final transient StoredEvent<EventRecord> event;
    private final boolean isPermanent;

    /** Names the event. */
    public EventNotPublishedException(
            String name, StoredEvent<EventRecord> event, boolean isPermanent, Throwable cause) {
        super(
                "'" + name + "' could not publish " + event.event().eventType() + " "
                        + event.event().eventId() + " of " + event.event().aggregateId() + " at position "
                        + event.position() + ": " + cause + ". "
                        + (isPermanent
                                ? "It is refused for ever by this transport as it is: change the transport's limits or"
                                        + " its topology, or let the relay skip such events (OnFailure.SKIP)."
                                : "It is tried again until it succeeds."),
                cause);
        this.event = event;
        this.isPermanent = isPermanent;
    }

    /** Returns the event. */
    public StoredEvent<EventRecord> event() {
        return event;
    }

    /** Returns whether the transport would refuse it for ever. */
    public boolean isPermanent() {
        return isPermanent;
    }
}
