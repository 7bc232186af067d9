package io.eda.projection;

import io.eda.retry.Backoff;
import java.time.Duration;

/**
 * The limits of a projection or a relay.
 *
 * @param shards into how many parts its aggregates are cut, each run by one node: 1 to 256. The node that started last
 *     decides. Default 1
 * @param lease how long a node that is silent keeps its shards, from 200 milliseconds: the time of a fail-over. A node that is
 *     closed gives them back at once. Default 5 seconds
 * @param pageSize how many events are handled in one transaction at most, 1 to 10 000. Default 500
 * @param attempts how often a failing event is tried before {@code onFailure} decides, from 1. Default 5
 * @param backoff the pauses between attempts. Default 50 milliseconds to 10 seconds
 * @param onFailure what becomes of an event after the last attempt. Default {@link OnFailure#PAUSE}
 */
public record FollowOptions(
        int shards, Duration lease, int pageSize, int attempts, Backoff backoff, OnFailure onFailure) {

    private static final FollowOptions DEFAULTS = new FollowOptions(
            1,
            Duration.ofSeconds(5),
            500,
            5,
            new Backoff(Duration.ofMillis(50), Duration.ofSeconds(10)),
            OnFailure.PAUSE);

    /** Checks every limit. */
    public FollowOptions {
        if (shards < 1 || shards > ShardPosition.SLOTS) {
            throw new IllegalArgumentException(shards + " shards: use 1 to " + ShardPosition.SLOTS);
        }
        if (lease.compareTo(Duration.ofMillis(200)) < 0) {
            throw new IllegalArgumentException(
                    "A lease of " + lease + " would be lost in a pause of the garbage collector: use at least 200 ms");
        }
        if (pageSize < 1 || pageSize > 10_000 || attempts < 1) {
            throw new IllegalArgumentException("Pages of " + pageSize + " events and " + attempts
                    + " attempts: use 1 to 10 000 events, and at least 1 attempt");
        }
    }

    /** Returns the defaults. */
    public static FollowOptions defaults() {
        return DEFAULTS;
    }

    /** Returns a copy with another number of shards. */
    public FollowOptions withShards(int newShards) {
        return new FollowOptions(newShards, lease, pageSize, attempts, backoff, onFailure);
    }

    /** Returns a copy with another lease. */
    public FollowOptions withLease(Duration newLease) {
        return new FollowOptions(shards, newLease, pageSize, attempts, backoff, onFailure);
    }

    /** Returns a copy with another page size. */
    public FollowOptions withPageSize(int newPageSize) {
        return new FollowOptions(shards, lease, newPageSize, attempts, backoff, onFailure);
    }

    /** Returns a copy that tries a failing event this often, with these pauses, before {@code newOnFailure} decides. */
    public FollowOptions withFailures(int newAttempts, Backoff newBackoff, OnFailure newOnFailure) {
        return new FollowOptions(shards, lease, pageSize, newAttempts, newBackoff, newOnFailure);
    }
}
