package io.eda.bus;

import io.eda.idempotency.IdempotencyStore;
import java.time.Duration;

/**
 * Lets a group handle each event once, however often it is delivered, by asking a store before and telling it after.
 *
 * <p>What a crash costs: before the claim, nothing; after the claim, the wait for its lease; after the effect and before the store
 * has heard of it, the effect happens again; after that, nothing. Where the effect is a write in a database, its own transaction
 * can do better. Several events that an upcaster makes of one are claimed as one.
 *
 * @param store who remembers
 * @param lease how long the claim of a dead process holds up the event, for which another process waits; a handler at work renews
 *     its claim every third of it; 30 seconds by default
 * @param isFailOpen whether an event is handled although the store cannot be asked; by default it waits until it can
 */
public record Deduplication(IdempotencyStore store, Duration lease, boolean isFailOpen) {

    private static final Duration SHORTEST = Duration.ofMillis(100);

    /** Checks the lease. */
    public Deduplication {
        if (lease.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException(
                    "A lease of " + lease + " cannot be renewed in time: use at least " + SHORTEST);
        }
    }

    /** Returns deduplication by {@code store} with the defaults. */
    public static Deduplication by(IdempotencyStore store) {
        return new Deduplication(store, Duration.ofSeconds(30), false);
    }

    /** Returns a copy with another lease. */
    public Deduplication withLease(Duration time) {
        return new Deduplication(store, time, isFailOpen);
    }

    /** Returns a copy that handles events, perhaps twice, while the store cannot be asked. */
    public Deduplication failingOpen() {
        return new Deduplication(store, lease, true);
    }
}
