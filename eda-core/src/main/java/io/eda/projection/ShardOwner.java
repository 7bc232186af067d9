package io.eda.projection;

import io.eda.projection.ShardTable.Shard;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes this node's share of the shards, beat by beat.
 *
 * <pre>
 *   every beat:   table = leases.beat(…)       my leases renewed, who runs what
 *                 lost or cut anew   ──► stop   (the epoch keeps a stopped one from moving anything)
 *                 more than my share ──► let the page at hand end, then release
 *                 less than my share ──► acquire what is free, and follow
 * </pre>
 *
 * <p>Used by the thread that beats, but for {@link #failure}.
 */
final class ShardOwner {

    private static final Logger log = LoggerFactory.getLogger(ShardOwner.class);

    private final Feed feed;
    private final FollowOptions options;
    private final ShardLeases leases;
    private final Function<Lease, PageHandler> handlers;
    private final RunningShards running;
    private final Follower.Listener listener;
    private final String owner = UUID.randomUUID().toString();

    private boolean isArranged;
    private long lastBeat;
    private volatile @Nullable Throwable failure;

    ShardOwner(
            Feed feed,
            FollowOptions options,
            ShardLeases leases,
            Function<Lease, PageHandler> handlers,
            RunningShards running,
            Follower.Listener listener) {
        this.feed = feed;
        this.options = options;
        this.leases = leases;
        this.handlers = handlers;
        this.running = running;
        this.listener = listener;
    }

    /** Returns why the last beat failed, or null. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /** Renews what is ours, gives up what is not or is too much, and takes what is free. */
    void step() {
        isArranged = isArranged || attempt(() -> leases.arrange(feed.name(), options.shards()));
        // Also where the cut failed: an owner that hangs in a page holds it up until its lease is taken.
        boolean unused = attempt(this::beat);
        if (System.nanoTime() - lastBeat >= options.lease().toNanos()) {
            running.followers().forEach(Follower::stopSoon);
        }
    }

    private boolean attempt(Runnable step) {
        try {
            step.run();
            return true;
        } catch (Throwable e) {
            // An error too: the thread that beats must live, or nobody would stop those whose leases end.
            if (failure == null) {
                log.atWarn()
                        .addKeyValue("name", feed.name())
                        .setCause(e)
                        .log("'{}' cannot renew its leases and tries again until it succeeds", feed.name());
            }
            failure = e;
            return false;
        }
    }

    private void beat() {
        long begun = System.nanoTime();
        // Before the store is asked: what is saved meanwhile lies ahead of it.
        Map<Integer, Long> saved = running.savedPositions();
        ShardTable table = leases.beat(feed.name(), owner, options.lease());
        lastBeat = begun;
        failure = null;
        table.shards().stream()
                .filter(shard -> shard.position() < saved.getOrDefault(shard.number(), 0L))
                // By a reset on another node: without an event that makes it move, the one that runs would not notice.
                .forEach(shard -> running.restart(shard.number()));
        reconcile(table);
    }

    private void reconcile(ShardTable table) {
        running.stopUnless(lease ->
                table.shard(lease.shard()).filter(shard -> shard.isRunBy(lease)).isPresent());
        clearEnded();
        int share = (table.shards().size() + table.members() - 1) / table.members();
        running.keepAtMost(share);
        List<Shard> free = table.shards().stream()
                .filter(shard -> !shard.isHeld() && !running.has(shard.number()))
                .sorted(Comparator.comparingInt(Shard::number))
                .toList();
        for (Shard shard : free) {
            if (running.size() >= share) {
                return;
            }
            leases.acquire(feed.name(), shard.number(), owner, options.lease()).ifPresent(this::follow);
        }
    }

    private void follow(Lease lease) {
        Follower follower = new Follower(feed, options, handlers.apply(lease), listener);
        running.add(lease, follower);
        log.info(
                "'{}' runs shard {} of {} here, in epoch {}",
                feed.name(),
                lease.shard(),
                lease.start().shards(),
                lease.epoch());
        follower.start();
    }

    /** Gives back what has ended; a lease that is not ours any more is not touched by that. */
    private void clearEnded() {
        for (Lease lease : running.ended()) {
            leases.release(lease);
            running.remove(lease);
        }
    }

    /** Ends everything, and gives it back. */
    void end() {
        running.followers().forEach(Follower::stopSoon);
        running.followers().forEach(Follower::close);
        try {
            // A page that does not end keeps its lease until it expires: nobody may begin beside it.
            clearEnded();
            leases.leave(feed.name(), owner);
        } catch (RuntimeException e) {
            log.atWarn()
                    .addKeyValue("name", feed.name())
                    .setCause(e)
                    .log("'{}' could not give its shards back; others take them when the leases are over", feed.name());
        }
    }
}
