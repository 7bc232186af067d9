package io.eda.store;

/** The storage could not do what was asked; where it was an append, nothing was stored. */
public class EventStorageException extends RuntimeException {

    /** Tells what was attempted, what was found, and what to do. */
    public EventStorageException(String message) {
        super(message);
    }

    /** Tells what was attempted, what was found, and what to do, with the driver's own error. */
    public EventStorageException(String message, Throwable cause) {
        super(message, cause);
    }
}
