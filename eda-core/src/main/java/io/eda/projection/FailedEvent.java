package io.eda.projection;

import io.eda.event.AggregateId;

/**
 * An event that a projection could not handle, or that waits behind such a one.
 *
 * @param position where it stands in the order of all events
 * @param aggregateId whose event it is
 * @param kind what became of it
 * @param attempts how often it was tried; 0 for one that waits behind another
 * @param error why it failed, at most {@value #MAX_ERROR_LENGTH} characters; empty for one that waits behind another
 */
public record FailedEvent(long position, AggregateId aggregateId, Kind kind, int attempts, String error) {

    /** How long the text of an error may be. */
    public static final int MAX_ERROR_LENGTH = 2_000;

    /** Shortens the error, and takes out what a database cannot store. */
    public FailedEvent {
        String clean = error.replace('\0', ' ');
        error = clean.length() <= MAX_ERROR_LENGTH ? clean : clean.substring(0, MAX_ERROR_LENGTH);
    }

    /** Returns whether it failed itself, rather than waiting behind another. */
    public boolean isFirst() {
        return attempts > 0;
    }

    /** What became of an event. */
    public enum Kind {
        /** It was left out for good. */
        SKIPPED,
        /** It waits, and so do the later events of its aggregate. */
        PARKED
    }
}
