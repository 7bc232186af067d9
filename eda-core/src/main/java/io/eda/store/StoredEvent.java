package io.eda.store;

import java.util.Objects;

/**
 * An event and its place in the order of all events.
 *
 * @param <E> {@code EventRecord} where the event is bytes, {@code Event<?>} where it is an object
 * @param position the place: greater for every later event that a reader sees, with holes, from 1
 * @param event the event
 */
public record StoredEvent<E>(long position, E event) {

    /** Checks that nothing is missing. */
    public StoredEvent {
        Objects.requireNonNull(event, "event");
    }
}
