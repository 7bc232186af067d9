package io.eda.projection;

/** What becomes of an event that fails again and again. A failure of the database itself is always waited for. */
public enum OnFailure {
    /** The projection stands before it, says why, and tries on with long pauses: the read model stays true. */
    PAUSE,
    /** It is left out, and noted. */
    SKIP,
    /** It is parked, and so are the later events of its aggregate; those of others go on. */
    PARK_KEY
}
