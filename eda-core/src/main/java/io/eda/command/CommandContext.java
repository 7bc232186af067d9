package io.eda.command;

import io.eda.event.Event;
import io.eda.event.Metadata;
import io.eda.event.Origin;

/**
 * What is known about a command beside its content.
 *
 * @param commandId the command's identity: the causation id of its events, 1 to 255 characters
 * @param correlationId the conversation that it belongs to, inherited by its events: 1 to 255 characters
 * @param metadata what its events carry, such as {@code traceparent}
 */
public record CommandContext(String commandId, String correlationId, Metadata metadata) {

    /** Checks both ids. */
    public CommandContext {
        new Origin(correlationId, commandId, metadata);
    }

    /** Returns the context of a command that starts a conversation. */
    public static CommandContext startedBy(String commandId) {
        return new CommandContext(commandId, commandId, Metadata.empty());
    }

    /**
     * Returns the context of the command {@code step} with which a handler reacts to {@code event}. The command's id is made
     * of both, so it is the same when the event is delivered again, and names its cause.
     */
    public static CommandContext reactingTo(Event<?> event, String step) {
        return new CommandContext(event.eventId() + ":" + step, event.correlationId(), event.metadata());
    }

    /** Returns where the command's events come from. */
    public Origin origin() {
        return new Origin(correlationId, commandId, metadata);
    }
}
