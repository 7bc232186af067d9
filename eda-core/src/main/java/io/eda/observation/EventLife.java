package io.eda.observation;

import java.util.List;

/**
 * The life of an event, or of a conversation, as far as it can be known at this moment.
 *
 * @param correlationId the conversation
 * @param causes what led to the event: its cause, the cause of that, and so on, the oldest first; none for a conversation
 * @param events the event, or those of the conversation that have no event as their cause; each with what it led to
 * @param searched where was looked for what they led to
 */
public record EventLife(String correlationId, List<EventFacts> causes, List<LivedEvent> events, Searched searched) {

    /** Copies the lists. */
    public EventLife {
        causes = List.copyOf(causes);
        events = List.copyOf(events);
    }

    /** Returns it as a story: short sentences in the order of time, for people. Its form may change. */
    public String asText() {
        return new Story(this).tell();
    }

    /** As {@link #asText}. */
    @Override
    public String toString() {
        return asText();
    }
}
