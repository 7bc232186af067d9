package io.eda.projection;

/** A rebuild cannot begin, or cannot end, now. Nothing has changed. */
public final class RebuildRefusedException extends RuntimeException {

    /** Tells why, and what to do. */
    public RebuildRefusedException(String message) {
        super(message);
    }
}
