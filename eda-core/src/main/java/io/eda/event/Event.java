package io.eda.event;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;

/**
 * A fact about one aggregate, in its envelope. Immutable where its data are, and so safe to share between threads.
 *
 * @param <D> the class of the data: a plain record of the application
 * @param eventId the event's own identity, a UUIDv7: unique for ever, and the key of every deduplication
 * @param eventType what happened, and in which shape it is told
 * @param timestamp when it was decided, to the microsecond; finer digits are cut off
 * @param correlationId what all events of one conversation share: 1 to 255 characters
 * @param causationId the command or event that led to this one: 1 to 255 characters
 * @param aggregateId whom the fact is about
 * @param aggregateVersion the number of this event among those of its aggregate, from 1 and without a hole
 * @param data the fact itself
 * @param metadata small texts that travel along, such as {@code traceparent}
 */
public record Event<D>(
        UUID eventId,
        EventType eventType,
        Instant timestamp,
        String correlationId,
        String causationId,
        AggregateId aggregateId,
        long aggregateVersion,
        D data,
        Metadata metadata) {

    /** The most characters of a correlation or causation id. */
    public static final int MAX_CORRELATION_LENGTH = 255;

    /** Checks the envelope and cuts the time to microseconds. */
    public Event {
        Objects.requireNonNull(eventId, "eventId");
        Objects.requireNonNull(eventType, "eventType");
        timestamp = timestamp.truncatedTo(ChronoUnit.MICROS);
        Limits.requireText("The correlation id of an event", correlationId, MAX_CORRELATION_LENGTH);
        Limits.requireText("The causation id of an event", causationId, MAX_CORRELATION_LENGTH);
        Objects.requireNonNull(aggregateId, "aggregateId");
        if (aggregateVersion < 1) {
            throw new IllegalArgumentException("An event of " + aggregateId + " has the aggregate version "
                    + aggregateVersion + ": the first event of an aggregate has version 1");
        }
        Objects.requireNonNull(data, "data");
        Objects.requireNonNull(metadata, "metadata");
    }

    /** Tells which event this is without its data, which may hold what does not belong into a log. */
    @Override
    public String toString() {
        return eventType + " " + aggregateId + "@" + aggregateVersion + " [" + eventId + "]";
    }
}
