package io.eda.bus;

import io.eda.retry.Backoff;
import io.eda.transport.TypePattern;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a subscription wants and how much of it at once.
 *
 * @param group whose work it is: subscriptions of one group share the events, every group gets all of them
 * @param types patterns of event types, such as {@code order.*}; everything by default
 * @param concurrency how many events of different aggregates are handled at the same time at most; 8 by default
 * @param maxInFlight how many events may be received and not settled at most; 1 000 by default
 * @param backoff the pauses before a failed event is tried again; 100 ms to 30 s by default
 * @param closeTimeout how long closing waits for handlers before it interrupts them; 10 s by default
 */
public record SubscriptionOptions(
        String group,
        Set<TypePattern> types,
        int concurrency,
        int maxInFlight,
        Backoff backoff,
        Duration closeTimeout) {

    /** Checks the limits and copies the patterns. */
    public SubscriptionOptions {
        types = Set.copyOf(types);
        if (concurrency < 1 || maxInFlight < concurrency) {
            throw new IllegalArgumentException("The subscription of '" + group + "' handles " + concurrency
                    + " events at once and holds " + maxInFlight
                    + ": handle at least 1, and hold at least as many as are handled");
        }
    }

    /** Returns the options of a subscription to everything, with the defaults. */
    public static SubscriptionOptions forGroup(String group) {
        return new SubscriptionOptions(
                group,
                Set.of(TypePattern.everything()),
                8,
                1_000,
                new Backoff(Duration.ofMillis(100), Duration.ofSeconds(30)),
                Duration.ofSeconds(10));
    }

    /** Returns a copy that wants events whose type matches one of {@code patterns}. */
    public SubscriptionOptions withTypes(String... patterns) {
        Set<TypePattern> wanted = new LinkedHashSet<>();
        List.of(patterns).forEach(pattern -> wanted.add(new TypePattern(pattern)));
        return new SubscriptionOptions(group, wanted, concurrency, maxInFlight, backoff, closeTimeout);
    }

    /** Returns a copy that handles {@code events} at the same time at most. */
    public SubscriptionOptions withConcurrency(int events) {
        return new SubscriptionOptions(group, types, events, Math.max(maxInFlight, events), backoff, closeTimeout);
    }

    /** Returns a copy that holds {@code events} at most. */
    public SubscriptionOptions withMaxInFlight(int events) {
        return new SubscriptionOptions(group, types, concurrency, events, backoff, closeTimeout);
    }

    /** Returns a copy with other pauses before a failed event is tried again. */
    public SubscriptionOptions withBackoff(Backoff pauses) {
        return new SubscriptionOptions(group, types, concurrency, maxInFlight, pauses, closeTimeout);
    }

    /** Returns a copy whose closing waits {@code timeout} for handlers. */
    public SubscriptionOptions withCloseTimeout(Duration timeout) {
        return new SubscriptionOptions(group, types, concurrency, maxInFlight, backoff, timeout);
    }
}
