package io.eda.event;

import java.util.Objects;

/**
 * Where new events come from: the conversation, the direct cause, and what travels along. Metadata flow by themselves, so
 * that one conversation can be followed from the first request to the last reaction.
 *
 * @param correlationId what the whole conversation shares: 1 to 255 characters
 * @param causationId the command or event that leads to the new events: 1 to 255 characters
 * @param metadata what the new events carry, such as {@code traceparent}
 */
public record Origin(String correlationId, String causationId, Metadata metadata) {

    /** Checks both ids. */
    public Origin {
        Limits.requireText("The correlation id of an origin", correlationId, Event.MAX_CORRELATION_LENGTH);
        Limits.requireText("The causation id of an origin", causationId, Event.MAX_CORRELATION_LENGTH);
        Objects.requireNonNull(metadata, "metadata");
    }

    /** Returns the start of a conversation: {@code id} stands for the conversation and for its first cause. */
    public static Origin startedBy(String id) {
        return new Origin(id, id, Metadata.empty());
    }

    /** Returns the continuation of the conversation of {@code event}, which is the cause; its metadata travel on. */
    public static Origin causedBy(Event<?> event) {
        return new Origin(event.correlationId(), event.eventId().toString(), event.metadata());
    }
}
