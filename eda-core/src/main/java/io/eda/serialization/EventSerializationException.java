package io.eda.serialization;

/** Data could not be written as an event; nothing was stored or sent. */
public final class EventSerializationException extends RuntimeException {

    EventSerializationException(String message) {
        super(message);
    }

    EventSerializationException(String message, Throwable cause) {
        super(message, cause);
    }
}
