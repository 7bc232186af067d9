package io.eda.observation;

import java.util.Collection;
import java.util.Objects;

/**
 * How one part is, now.
 *
 * @param part which one, such as {@code store} or {@code projection order_views}
 * @param status how it is
 * @param reason what was found, without secrets and without data of events
 * @param hint what to do; empty where there is nothing to do
 */
public record Health(String part, Status status, String reason, String hint) {

    /** Checks that nothing is missing, and blacks out what looks like a secret. */
    public Health {
        Objects.requireNonNull(part, "part");
        Objects.requireNonNull(status, "status");
        reason = Secrets.blackedOut(reason);
        hint = Secrets.blackedOut(hint);
    }

    /** Returns the health of a part that does its work. */
    static Health up(String part, String reason) {
        return new Health(part, Status.UP, reason, "");
    }

    /** Returns the worst status of {@code parts}: {@code UP} where there are none. */
    public static Status worst(Collection<Health> parts) {
        return parts.stream().map(Health::status).max(Status::compareTo).orElse(Status.UP);
    }

    /** From good to bad. */
    public enum Status {
        /** It does its work. */
        UP,
        /** It cannot be asked. */
        UNKNOWN,
        /** It does its work, and somebody should have a look. */
        DEGRADED,
        /** It does not do its work. */
        DOWN
    }
}
