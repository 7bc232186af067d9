package io.eda.event;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Objects;
import java.util.UUID;

/**
 * An {@link Event} whose data are bytes: what stores keep and brokers carry.
 *
 * <p>The array is not copied, neither in nor out, because every event passes here several times: whoever hands it over
 * gives it away, and whoever reads it leaves it as it is. Equality compares the bytes.
 *
 * @param eventId see {@link Event}
 * @param eventType see {@link Event}
 * @param timestamp see {@link Event}
 * @param correlationId see {@link Event}
 * @param causationId see {@link Event}
 * @param aggregateId see {@link Event}
 * @param aggregateVersion see {@link Event}
 * @param data the serialized fact, not to be changed
 * @param metadata see {@link Event}
 */
@SuppressWarnings("ArrayRecordComponent") // Copying would cost twice per event; equals and hashCode are written out.
public record EventRecord(
        UUID eventId,
        EventType eventType,
        Instant timestamp,
        String correlationId,
        String causationId,
        AggregateId aggregateId,
        long aggregateVersion,
        byte[] data,
        Metadata metadata) {

    /** Checks that nothing is missing; the texts were checked when the event was made. */
    public EventRecord {
        Objects.requireNonNull(eventId, "eventId");
        Objects.requireNonNull(eventType, "eventType");
        timestamp = timestamp.truncatedTo(ChronoUnit.MICROS);
        Objects.requireNonNull(correlationId, "correlationId");
        Objects.requireNonNull(causationId, "causationId");
        Objects.requireNonNull(aggregateId, "aggregateId");
        if (aggregateVersion < 1) {
            throw new IllegalArgumentException("An event of " + aggregateId + " has the aggregate version "
                    + aggregateVersion + ": the first event of an aggregate has version 1");
        }
        Objects.requireNonNull(data, "data");
        Objects.requireNonNull(metadata, "metadata");
    }

    /** Returns this envelope around {@code data}, the same fact as an object. */
    public <D> Event<D> withData(EventType shape, D object) {
        return new Event<>(
                eventId, shape, timestamp, correlationId, causationId, aggregateId, aggregateVersion, object, metadata);
    }

    /**
     * Returns this envelope with the id of its part number {@code index}, counted from 0, where one record is told as several
     * events: deduplication must tell the parts apart, and must know each again.
     */
    public EventRecord part(int index) {
        UUID partId = UUID.nameUUIDFromBytes((eventId + "#" + index).getBytes(StandardCharsets.US_ASCII));
        return new EventRecord(
                partId,
                eventType,
                timestamp,
                correlationId,
                causationId,
                aggregateId,
                aggregateVersion,
                data,
                metadata);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EventRecord that
                && eventId.equals(that.eventId)
                && eventType.equals(that.eventType)
                && timestamp.equals(that.timestamp)
                && correlationId.equals(that.correlationId)
                && causationId.equals(that.causationId)
                && aggregateId.equals(that.aggregateId)
                && aggregateVersion == that.aggregateVersion
                && Arrays.equals(data, that.data)
                && metadata.equals(that.metadata);
    }

    /** Ids are unique, so the id alone spreads well. */
    @Override
    public int hashCode() {
        return eventId.hashCode();
    }

    /** Tells which event this is, and how large, without its data. */
    @Override
    public String toString() {
        return eventType + " " + aggregateId + "@" + aggregateVersion + " [" + eventId + ", " + data.length + " bytes]";
    }
}
