package io.eda.observation;

import java.util.List;

/**
 * A command that an event led to, known by the events that it led to in turn: one that changed nothing leaves no trace.
 *
 * @param commandId its id, the causation id of its events
 * @param step what it was called by the handler that asked for it, see {@code CommandContext.reactingTo}; empty where an event led to
 *     others without a command
 * @param events its events, in their order
 */
public record Reaction(String commandId, String step, List<LivedEvent> events) {

    /** Copies the list. */
    public Reaction {
        events = List.copyOf(events);
    }
}
