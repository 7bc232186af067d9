package io.eda.command;

import io.eda.retry.Backoff;
import java.time.Duration;

/**
 * The limits of a {@link CommandBus}.
 *
 * @param maxAttempts how often a command is decided at most before its conflict reaches the caller; 10 by default
 * @param backoff the pauses between those attempts; 5 to 200 ms by default
 * @param cachedAggregates about how many states are remembered, rounded up to a multiple of 1 024; 10 000 by default, 0 turns the
 *     cache off
 * @param rememberedEvents how many of an aggregate's last events are searched for the command's id before it is handled, at
 *     most 10 000: a command that is behind one of them is answered with its first outcome. By default 0, which searches
 *     none. Costs some 150 bytes each for a cached aggregate, and one more read for one that is not cached
 */
public record CommandOptions(int maxAttempts, Backoff backoff, int cachedAggregates, int rememberedEvents) {

    private static final int MOST_REMEMBERED = 10_000;

    /** Checks the limits. */
    public CommandOptions {
        if (maxAttempts < 1 || cachedAggregates < 0) {
            throw new IllegalArgumentException("Command options with " + maxAttempts + " attempts and "
                    + cachedAggregates + " cached aggregates: use at least 1 attempt and no negative cache");
        }
        if (rememberedEvents < 0 || rememberedEvents > MOST_REMEMBERED) {
            throw new IllegalArgumentException("Commands are to be looked for behind the last " + rememberedEvents
                    + " events: use 0, for none, to " + MOST_REMEMBERED);
        }
    }

    /** Returns the defaults. */
    public static CommandOptions defaults() {
        return new CommandOptions(10, new Backoff(Duration.ofMillis(5), Duration.ofMillis(200)), 10_000, 0);
    }

    /** Returns a copy with another number of attempts. */
    public CommandOptions withMaxAttempts(int attempts) {
        return new CommandOptions(attempts, backoff, cachedAggregates, rememberedEvents);
    }

    /** Returns a copy with other pauses. */
    public CommandOptions withBackoff(Backoff pauses) {
        return new CommandOptions(maxAttempts, pauses, cachedAggregates, rememberedEvents);
    }

    /** Returns a copy with another size of the cache. */
    public CommandOptions withCachedAggregates(int aggregates) {
        return new CommandOptions(maxAttempts, backoff, aggregates, rememberedEvents);
    }

    /** Returns a copy that answers a command behind one of an aggregate's last {@code events} with its first outcome. */
    public CommandOptions withRememberedEvents(int events) {
        return new CommandOptions(maxAttempts, backoff, cachedAggregates, events);
    }
}
