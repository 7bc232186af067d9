package io.eda.broker.rabbitmq;

/** The broker refuses what trying again does not change; its message says what to do. */
public final class RabbitMqRefusedException extends RuntimeException {

    private final Reason reason;

    RabbitMqRefusedException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Returns why. */
    public Reason reason() {
        return reason;
    }

    /** The kinds of refusal. */
    public enum Reason {
        /** Nobody may connect with this user, password, certificate or virtual host. */
        CREDENTIALS,
        /** The user may not do it. */
        RIGHTS,
        /** What stands on the broker under this name is something else. Nothing was changed. */
        TOPOLOGY,
        /** The broker lacks a plugin, or is too old. */
        UNSUPPORTED
    }
}
