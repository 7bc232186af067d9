package io.eda.idempotency.redis;

import java.time.Duration;

/**
 * The limits of a {@link RedisIdempotencyStore}. Where the server is, and how it is talked to (TLS, user and password,
 * Sentinel, time-outs of the connection), is told by lettuce's own {@code RedisURI} and {@code ClientOptions}.
 *
 * @param keyPrefix what every key begins with: 1 to 100 characters, none of them a brace, which would put all keys of a
 *     cluster on one node. Default {@code eda:}
 * @param retention how long a completed event is remembered, from 1 millisecond. Make it longer than an event can take to
 *     come again. Default 24 hours
 * @param commandTimeout after which a request that was not answered fails, from 10 milliseconds; it is looked at ten times a
 *     second. Default 2 seconds
 * @param maxInFlight how many requests may be unanswered at once, from 1; those over it fail at once. Default 10 000
 * @param maxBatch how many claims, or completions, that wait at the same time may share one command, from 1 to 1 000. While
 *     it works on them, the server does nothing else. Behind a proxy that spreads keys over servers use 1; on a cluster it is always
 *     1. Default 100
 */
public record RedisIdempotencyOptions(
        String keyPrefix, Duration retention, Duration commandTimeout, int maxInFlight, int maxBatch) {

    private static final RedisIdempotencyOptions DEFAULTS =
            new RedisIdempotencyOptions("eda:", Duration.ofHours(24), Duration.ofSeconds(2), 10_000, 100);

    /** Checks every limit. */
    public RedisIdempotencyOptions {
        if (keyPrefix.isEmpty() || keyPrefix.length() > 100 || keyPrefix.contains("{") || keyPrefix.contains("}")) {
            throw new IllegalArgumentException("'" + keyPrefix
                    + "' cannot begin the keys: use 1 to 100 characters without" + " braces, such as 'eda:'");
        }
        if (retention.compareTo(Duration.ofMillis(1)) < 0) {
            throw new IllegalArgumentException("Completed events are to be remembered for " + retention
                    + ": use at least a millisecond, and longer than an event can take to come again");
        }
        if (commandTimeout.compareTo(Duration.ofMillis(10)) < 0) {
            throw new IllegalArgumentException("The command timeout is " + commandTimeout
                    + ": use at least 10 ms, so that Redis can answer at all");
        }
        if (maxInFlight < 1) {
            throw new IllegalArgumentException(
                    "At most " + maxInFlight + " requests may be unanswered at once: allow at least 1");
        }
        if (maxBatch < 1 || maxBatch > 1_000) {
            throw new IllegalArgumentException(
                    maxBatch
                            + " claims or completions may share a command: use 1 to 1 000, as the server does nothing else meanwhile");
        }
    }

    /** Returns the defaults. */
    public static RedisIdempotencyOptions defaults() {
        return DEFAULTS;
    }

    /** Returns a copy with another beginning of the keys. */
    public RedisIdempotencyOptions withKeyPrefix(String prefix) {
        return new RedisIdempotencyOptions(prefix, retention, commandTimeout, maxInFlight, maxBatch);
    }

    /** Returns a copy with another time for which completed events are remembered. */
    public RedisIdempotencyOptions withRetention(Duration time) {
        return new RedisIdempotencyOptions(keyPrefix, time, commandTimeout, maxInFlight, maxBatch);
    }

    /** Returns a copy with another command timeout. */
    public RedisIdempotencyOptions withCommandTimeout(Duration timeout) {
        return new RedisIdempotencyOptions(keyPrefix, retention, timeout, maxInFlight, maxBatch);
    }

    /** Returns a copy with another limit of unanswered requests. */
    public RedisIdempotencyOptions withMaxInFlight(int requests) {
        return new RedisIdempotencyOptions(keyPrefix, retention, commandTimeout, requests, maxBatch);
    }

    /** Returns a copy with another limit of what may share a command. */
    public RedisIdempotencyOptions withMaxBatch(int requests) {
        return new RedisIdempotencyOptions(keyPrefix, retention, commandTimeout, maxInFlight, requests);
    }
}
