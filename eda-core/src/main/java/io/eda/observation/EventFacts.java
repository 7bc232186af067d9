package io.eda.observation;

import io.eda.event.AggregateId;
import io.eda.event.EventRecord;
import io.eda.event.EventType;
import io.eda.store.StoredEvent;
import java.time.Instant;
import java.util.UUID;

/**
 * What the store knows about an event, without its data.
 *
 * @param eventId its id
 * @param eventType what happened
 * @param aggregateId whom it is about
 * @param aggregateVersion its number among the events of the aggregate
 * @param decidedAt when it was decided, by the clock of the writer; it was appended within the same breath
 * @param position where it stands in the order of all events
 * @param correlationId its conversation
 * @param causationId the command or event that led to it
 */
public record EventFacts(
        UUID eventId,
        EventType eventType,
        AggregateId aggregateId,
        long aggregateVersion,
        Instant decidedAt,
        long position,
        String correlationId,
        String causationId) {

    static EventFacts of(StoredEvent<EventRecord> stored) {
        EventRecord event = stored.event();
        return new EventFacts(
                event.eventId(),
                event.eventType(),
                event.aggregateId(),
                event.aggregateVersion(),
                event.timestamp(),
                stored.position(),
                event.correlationId(),
                event.causationId());
    }

    /** Returns such as {@code order.created of order/42, version 1}. */
    @Override
    public String toString() {
        return eventType + " of " + aggregateId + ", version " + aggregateVersion;
    }
}
