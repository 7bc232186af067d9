package io.eda.store;

import io.eda.event.AggregateId;
import io.eda.event.EventRecord;
import io.eda.event.EventType;
import io.eda.event.Metadata;
import io.eda.event.Origin;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;

/**
 * An event on its way into the store: an {@link EventRecord} that has no version yet. As there, the array is not copied.
 *
 * @param eventId the identity by which a repeated append is recognised
 * @param eventType what happened
 * @param timestamp when it was decided, cut to microseconds
 * @param correlationId the conversation that it belongs to
 * @param causationId the command or event that led to it
 * @param data the serialized fact, not to be changed
 * @param metadata small texts that travel along
 */
@SuppressWarnings("ArrayRecordComponent") // As in EventRecord: never compared, copied once too often otherwise.
public record NewEvent(
        UUID eventId,
        EventType eventType,
        Instant timestamp,
        String correlationId,
        String causationId,
        byte[] data,
        Metadata metadata) {

    /** Checks the envelope. */
    public NewEvent {
        Objects.requireNonNull(eventId, "eventId");
        Objects.requireNonNull(eventType, "eventType");
        timestamp = timestamp.truncatedTo(ChronoUnit.MICROS);
        // The door of every store: an id that cannot be read back as an event would stay in history for ever.
        Origin checked = new Origin(correlationId, causationId, metadata);
        metadata = checked.metadata();
        Objects.requireNonNull(data, "data");
    }

    /** Returns this event as number {@code version} of {@code aggregateId}. */
    public EventRecord at(AggregateId aggregateId, long version) {
        return new EventRecord(
                eventId, eventType, timestamp, correlationId, causationId, aggregateId, version, data, metadata);
    }

    /** Tells which event this is, and how large, without its data. */
    @Override
    public String toString() {
        return eventType + " [" + eventId + ", " + data.length + " bytes]";
    }
}
