package io.eda.samples.orders;

/** A text is no order. The message says what is wrong with it. */
public final class InvalidOrderException extends RuntimeException {

    private final String reason;

    InvalidOrderException(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** Returns what is wrong. */
    public String reason() {
        return reason;
    }
}
