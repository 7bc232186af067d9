package io.eda.observation;

/**
 * Where events come by.
 *
 * @param kind what it is
 * @param name its name
 */
public record Place(Kind kind, String name) {

    /** The kinds of places. */
    public enum Kind {
        /** A relay, which publishes. */
        RELAY,
        /** A projection. */
        PROJECTION,
        /** A group of subscribers. */
        GROUP
    }

    /** Returns such as {@code the projection 'order_views'}. */
    @Override
    public String toString() {
        String what =
                switch (kind) {
                    case RELAY -> "relay";
                    case PROJECTION -> "projection";
                    case GROUP -> "group";
                };
        return "the " + what + " '" + name + "'";
    }
}
