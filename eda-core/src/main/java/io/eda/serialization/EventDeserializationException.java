package io.eda.serialization;

import io.eda.event.EventRecord;
import io.eda.event.EventType;
import java.util.UUID;

/** A stored or received event could not be read. Each subclass is one reason, with its own remedy. */
public abstract sealed class EventDeserializationException extends RuntimeException {

    private final UUID eventId;
    private final EventType eventType;

    private EventDeserializationException(EventRecord record, String message, Throwable cause) {
        super("Event " + record + " cannot be read: " + message, cause);
        this.eventId = record.eventId();
        this.eventType = record.eventType();
    }

    private EventDeserializationException(EventRecord record, String message) {
        super("Event " + record + " cannot be read: " + message);
        this.eventId = record.eventId();
        this.eventType = record.eventType();
    }

    /** Returns which event it was. */
    public UUID eventId() {
        return eventId;
    }

    /** Returns the type under which it was written. */
    public EventType eventType() {
        return eventType;
    }

    /** The catalogue has no event of this name, in any version. */
    public static final class UnknownType extends EventDeserializationException {
        UnknownType(EventRecord record, String known) {
            super(
                    record,
                    "the catalogue has no event '" + record.eventType().name() + "' (it has " + known
                            + "). Add the class with EventTypes.builder().add(…), or subscribe to other types.");
        }
    }

    /** The event was written in a newer version than the catalogue knows. */
    public static final class UnknownVersion extends EventDeserializationException {
        UnknownVersion(EventRecord record, int newestKnown) {
            super(
                    record,
                    "the catalogue knows '" + record.eventType().name() + "' up to version " + newestKnown
                            + ". A newer release wrote it: deploy readers before writers.");
        }
    }

    /** The event is older than the class, and nothing leads from one to the other. */
    public static final class MissingUpcaster extends EventDeserializationException {
        MissingUpcaster(EventRecord record, int currentVersion) {
            super(
                    record,
                    "the catalogue has '" + record.eventType().name() + "' in version " + currentVersion
                            + " and no upcaster from version "
                            + record.eventType().version() + ". Add one: .add(\""
                            + record.eventType().name() + "\", " + currentVersion + ", …, upcast -> upcast.from("
                            + record.eventType().version() + ", json -> …)).");
        }
    }

    /** The data are no JSON, are over a limit, do not fit the class, or an upcaster failed on them. */
    public static final class Malformed extends EventDeserializationException {
        Malformed(EventRecord record, String what, Throwable cause) {
            super(record, what, cause);
        }

        Malformed(EventRecord record, String what) {
            super(record, what);
        }
    }
}
