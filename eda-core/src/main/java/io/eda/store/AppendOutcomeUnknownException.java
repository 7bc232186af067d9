package io.eda.store;

/**
 * The connection was lost between asking for the commit and its answer, and the storage could not be asked again in time.
 * The events may be stored or not.
 */
public final class AppendOutcomeUnknownException extends EventStorageException {

    private final transient Append append;

    /** Tells for which append it is unknown, and why. */
    public AppendOutcomeUnknownException(Append append, Throwable cause) {
        super(
                "Append of " + append.events().size() + " events to " + append.aggregateId() + " (expected "
                        + append.expectedVersion() + ") got no answer: they may be stored or not. " + advice(append),
                cause);
        this.append = append;
    }

    /** Returns the append whose outcome is unknown. */
    public Append append() {
        return append;
    }

    private static String advice(Append append) {
        return append.expectedVersion() instanceof ExpectedVersion.Any
                ? "At any version it would be a second append: ask EventStorage.findEvent for the id of its last event first."
                : "Hand in the same Append again: it is recognised by its event ids.";
    }
}
