package io.eda.transport;

/** A message was not published, or it is not known whether it was. */
public final class PublishException extends RuntimeException {

    private final Reason reason;

    /** Tells why: {@code message} says what was attempted, what was found, and what to do. */
    public PublishException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Tells why, with the driver's own error. */
    public PublishException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Returns why. */
    public Reason reason() {
        return reason;
    }

    /** Returns whether the same message would be refused for ever, by this transport as it is. */
    public boolean isPermanent() {
        return reason == Reason.TOO_LARGE || reason == Reason.UNROUTABLE || reason == Reason.REFUSED;
    }

    /** The kinds of failure. */
    public enum Reason {
        /** The broker, or this transport, takes no message of this size. */
        TOO_LARGE,
        /** There is no destination for it. */
        UNROUTABLE,
        /** The broker will never take it, for another reason: its form, or missing rights. */
        REFUSED,
        /** The broker could not be reached, or did not answer, within the deadline; it was not published. */
        UNAVAILABLE,
        /** The connection was lost before the answer; it may have been published. Publish it again with the same id. */
        UNKNOWN,
        /** The transport is closed, or more is waiting than its limit allows. */
        NOT_ACCEPTED
    }
}
