package io.eda.command;

import org.jspecify.annotations.Nullable;

/**
 * What became of a command that reached its handler: a result, or the handler's own rejection.
 *
 * @param outcome what kind of an end it was
 * @param result what it led to, where it was not rejected
 * @param rejection what the handler threw, where it was
 */
record Handled(CommandMeters.Outcome outcome, @Nullable CommandResult result, @Nullable RuntimeException rejection) {

    static Handled as(CommandMeters.Outcome outcome, CommandResult result) {
        return new Handled(outcome, result, null);
    }

    static Handled rejected(RuntimeException rejection) {
        return new Handled(CommandMeters.Outcome.REJECTED, null, rejection);
    }

    CommandResult orThrow() {
        if (rejection != null) {
            throw rejection;
        }
        if (result == null) {
            throw new IllegalStateException("A command was handled with neither a result nor a rejection");
        }
        return result;
    }
}
