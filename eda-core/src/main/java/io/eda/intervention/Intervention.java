package io.eda.intervention;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;

/**
 * Somebody asked for an event to be replayed, or dropped.
 *
 * @param eventId the event
 * @param action what was asked for; what has come of it is told by where the event stands now
 * @param site whether a projection or a group could not handle it
 * @param name the name of that projection or group
 * @param at when it was asked for, to the microsecond
 */
public record Intervention(UUID eventId, Action action, Site site, String name, Instant at) {

    /** Checks that nothing is missing, and cuts the time to microseconds. */
    public Intervention {
        Objects.requireNonNull(eventId, "eventId");
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(site, "site");
        Objects.requireNonNull(name, "name");
        at = at.truncatedTo(ChronoUnit.MICROS);
    }

    /** What was asked for. */
    public enum Action {
        /** That it be handled again. */
        REPLAY,
        /** That it be forgotten there for ever. */
        DROP
    }

    /** Who could not handle it. */
    public enum Site {
        /** A projection. */
        PROJECTION,
        /** A group of subscribers. */
        GROUP
    }
}
