package io.eda.command;

import io.eda.retry.Backoff;
import java.time.Duration;

/**
 * The limits of a {@link CommandBus}.
 *
 * @param maxAttempts how often a command is decided at most before its conflict reaches the caller; 10 by default
 * @param backoff the pauses between those attempts; 5 to 200 ms by default
 * @param cachedAggregates how many states are remembered at most; 10 000 by default, 0 turns the cache off
 */
public record CommandOptions(int maxAttempts, Backoff backoff, int cachedAggregates) {

    /** Checks the limits. */
    public CommandOptions {
        if (maxAttempts < 1 || cachedAggregates < 0) {
            throw new IllegalArgumentException("Command options with " + maxAttempts + " attempts and "
                    + cachedAggregates + " cached aggregates: use at least 1 attempt and no negative cache");
        }
    }

    /** Returns the defaults. */
    public static CommandOptions defaults() {
        return new CommandOptions(10, new Backoff(Duration.ofMillis(5), Duration.ofMillis(200)), 10_000);
    }

    /** Returns a copy with another number of attempts. */
    public CommandOptions withMaxAttempts(int attempts) {
        return new CommandOptions(attempts, backoff, cachedAggregates);
    }

    /** Returns a copy with other pauses. */
    public CommandOptions withBackoff(Backoff pauses) {
        return new CommandOptions(maxAttempts, pauses, cachedAggregates);
    }

    /** Returns a copy with another size of the cache. */
    public CommandOptions withCachedAggregates(int aggregates) {
        return new CommandOptions(maxAttempts, backoff, aggregates);
    }
}
