package io.eda.bus;

import io.eda.retry.RetryPolicy;
import io.eda.transport.TypePattern;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a subscription wants and how much of it at once.
 *
 * @param group whose work it is: subscriptions of one group share the events, every group gets all of them
 * @param types patterns of event types, such as {@code order.*}; everything by default
 * @param concurrency how many events of different aggregates are handled at the same time at most; 8 by default
 * @param maxInFlight how many events may be received and not settled at most; 1 000 by default
 * @param maxBytesInFlight how many bytes the bodies of those may have, before no more are asked for; 64 MiB by default
 * @param retry when a failed event is tried again; 13 attempts within 5 minutes by default
 * @param exhausted what becomes of it then; it goes to the dead letters by default
 * @param deduplication how an event that comes twice is handled once; nothing is done about it by default
 * @param closeTimeout how long closing waits for handlers before it interrupts them; 10 s by default
 * @param isOrdered whether events of one aggregate are handled one after the other, in their order; they are by default
 */
public record SubscriptionOptions(
        String group,
        Set<TypePattern> types,
        int concurrency,
        int maxInFlight,
        long maxBytesInFlight,
        RetryPolicy retry,
        Exhausted exhausted,
        Optional<Deduplication> deduplication,
        Duration closeTimeout,
        boolean isOrdered) {

    /** Checks the limits and copies the patterns. */
    public SubscriptionOptions {
        types = Set.copyOf(types);
        if (concurrency < 1 || maxInFlight < concurrency) {
            throw new IllegalArgumentException("The subscription of '" + group + "' handles " + concurrency
                    + " events at once and holds " + maxInFlight
                    + ": handle at least 1, and hold at least as many as are handled");
        }
        if (closeTimeout.isNegative() || closeTimeout.isZero()) {
            throw new IllegalArgumentException("The subscription of '" + group + "' waits " + closeTimeout
                    + " for handlers when it closes: give them some time, such as 10 seconds");
        }
        if (!isOrdered && exhausted == Exhausted.PARK_KEY) {
            throw new IllegalArgumentException(
                    "The subscription of '" + group + "' lets the order go, and parks keys to keep it:"
                            + " let it use dead letters, or keep the order");
        }
        if (maxBytesInFlight < 1) {
            throw new IllegalArgumentException("The subscription of '" + group + "' holds " + maxBytesInFlight
                    + " bytes: hold at least 1; a message that is larger comes alone");
        }
    }

    /** Returns the options of a subscription to everything, with the defaults. */
    public static SubscriptionOptions forGroup(String group) {
        return new SubscriptionOptions(
                group,
                Set.of(TypePattern.everything()),
                8,
                1_000,
                64L << 20,
                RetryPolicy.defaults(),
                Exhausted.DEAD_LETTER,
                Optional.empty(),
                Duration.ofSeconds(10),
                true);
    }

    /** Returns a copy that wants events whose type matches one of {@code patterns}. */
    public SubscriptionOptions withTypes(String... patterns) {
        Set<TypePattern> wanted = new LinkedHashSet<>();
        List.of(patterns).forEach(pattern -> wanted.add(new TypePattern(pattern)));
        return new SubscriptionOptions(
                group,
                wanted,
                concurrency,
                maxInFlight,
                maxBytesInFlight,
                retry,
                exhausted,
                deduplication,
                closeTimeout,
                isOrdered);
    }

    /** Returns a copy that handles {@code events} at the same time at most. */
    public SubscriptionOptions withConcurrency(int events) {
        return new SubscriptionOptions(
                group,
                types,
                events,
                Math.max(maxInFlight, events),
                maxBytesInFlight,
                retry,
                exhausted,
                deduplication,
                closeTimeout,
                isOrdered);
    }

    /** Returns a copy that holds {@code events} at most. */
    public SubscriptionOptions withMaxInFlight(int events) {
        return new SubscriptionOptions(
                group,
                types,
                concurrency,
                events,
                maxBytesInFlight,
                retry,
                exhausted,
                deduplication,
                closeTimeout,
                isOrdered);
    }

    /** Returns a copy that asks for no more events while it holds more than {@code bytes}. */
    public SubscriptionOptions withMaxBytesInFlight(long bytes) {
        return new SubscriptionOptions(
                group,
                types,
                concurrency,
                maxInFlight,
                bytes,
                retry,
                exhausted,
                deduplication,
                closeTimeout,
                isOrdered);
    }

    /** Returns a copy with another policy of retries. */
    public SubscriptionOptions withRetry(RetryPolicy policy) {
        return new SubscriptionOptions(
                group,
                types,
                concurrency,
                maxInFlight,
                maxBytesInFlight,
                policy,
                exhausted,
                deduplication,
                closeTimeout,
                isOrdered);
    }

    /** Returns a copy that does {@code then} with an event whose attempts are used up. */
    public SubscriptionOptions withExhausted(Exhausted then) {
        return new SubscriptionOptions(
                group,
                types,
                concurrency,
                maxInFlight,
                maxBytesInFlight,
                retry,
                then,
                deduplication,
                closeTimeout,
                isOrdered);
    }

    /** Returns a copy that handles an event that comes twice once. */
    public SubscriptionOptions withDeduplication(Deduplication how) {
        return new SubscriptionOptions(
                group,
                types,
                concurrency,
                maxInFlight,
                maxBytesInFlight,
                retry,
                exhausted,
                Optional.of(how),
                closeTimeout,
                isOrdered);
    }

    /** Returns a copy whose closing waits {@code timeout} for handlers. */
    public SubscriptionOptions withCloseTimeout(Duration timeout) {
        return new SubscriptionOptions(
                group,
                types,
                concurrency,
                maxInFlight,
                maxBytesInFlight,
                retry,
                exhausted,
                deduplication,
                timeout,
                isOrdered);
    }

    /**
     * Returns a copy that lets the order go: events of one aggregate are handled at the same time too, and over transports that
     * declare {@link io.eda.transport.Capability#UNORDERED_GROUPS} any number of members share them.
     */
    public SubscriptionOptions withoutOrder() {
        return new SubscriptionOptions(
                group,
                types,
                concurrency,
                maxInFlight,
                maxBytesInFlight,
                retry,
                exhausted,
                deduplication,
                closeTimeout,
                false);
    }
}
