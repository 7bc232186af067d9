package io.eda.event;

/**
 * What kind of fact an event is, and which shape its data has.
 *
 * <p>Only the form is checked here, because foreign systems name their events as they like; the rule that a name is a
 * fact in the past tense belongs to the catalogue of one's own events, {@code EventTypes}.
 *
 * @param name the name, such as {@code order.created}: 1 to 200 characters without spaces or control characters
 * @param version the version of the data's shape, from 1
 */
public record EventType(String name, int version) {

    /** The most characters that a name may have. */
    public static final int MAX_NAME_LENGTH = 200;

    /** Checks both parts. */
    public EventType {
        Limits.requireText("The name of an event type", name, MAX_NAME_LENGTH);
        if (name.indexOf(' ') >= 0) {
            throw new IllegalArgumentException("The event type '" + name + "' holds a space: write 'order.created'");
        }
        if (version < 1) {
            throw new IllegalArgumentException("The event type '" + name + "' has version " + version
                    + ": versions of an event's shape start at 1");
        }
    }

    /** Returns version 1 of the type {@code name}. */
    public static EventType of(String name) {
        return new EventType(name, 1);
    }

    /** Returns the type {@code name} in the shape {@code version}. */
    public static EventType of(String name, int version) {
        return new EventType(name, version);
    }

    /** Returns {@code order.created} for version 1, {@code order.created.v2} for later ones. */
    @Override
    public String toString() {
        return version == 1 ? name : name + ".v" + version;
    }
}
