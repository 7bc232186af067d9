package io.eda.projection;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The shards that this node runs, each under its lease. Thread-safe; changed by the thread that beats alone. */
final class RunningShards {

    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock.
    private final Map<Integer, Running> running = new TreeMap<>();

    void add(Lease lease, Follower follower) {
        lock.lock();
        try {
            running.put(lease.shard(), new Running(lease, follower, false));
        } finally {
            lock.unlock();
        }
    }

    void remove(Lease lease) {
        lock.lock();
        try {
            running.remove(lease.shard());
        } finally {
            lock.unlock();
        }
    }

    /** Returns up to where each shard that runs here has saved its position. */
    Map<Integer, Long> savedPositions() {
        return all().stream().collect(Collectors.toMap(one -> one.lease.shard(), one -> one.follower.savedPosition()));
    }

    /** Lets what runs {@code shard} here, if anybody does, begin at the persisted position again. */
    void restart(int shard) {
        all().stream().filter(one -> one.lease.shard() == shard).forEach(one -> one.follower.restart());
    }

    boolean has(int shard) {
        lock.lock();
        try {
            return running.containsKey(shard);
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return running.size();
        } finally {
            lock.unlock();
        }
    }

    List<Follower> followers() {
        return all().stream().map(Running::follower).toList();
    }

    /** Returns the leases of those whose last page has ended. */
    List<Lease> ended() {
        return all().stream()
                .filter(one -> one.follower.hasEnded())
                .map(Running::lease)
                .toList();
    }

    /** Lets those end whose lease is not {@code good}. */
    void stopUnless(Predicate<Lease> good) {
        all().stream().filter(one -> !good.test(one.lease)).forEach(one -> one.follower.stopSoon());
    }

    /** Lets as many end, after the page at hand, as there are too many. */
    void keepAtMost(int share) {
        all().stream().filter(one -> !one.isLeaving).skip(share).forEach(one -> {
            lock.lock();
            try {
                running.put(one.lease.shard(), new Running(one.lease, one.follower, true));
            } finally {
                lock.unlock();
            }
            one.follower.stopSoon();
        });
    }

    /** Returns how far all shards are, or -1 where some of them run elsewhere or nowhere. */
    long position() {
        List<Running> all = all();
        if (all.isEmpty() || all.size() < all.get(0).lease.start().shards()) {
            return -1;
        }
        long lowest = Long.MAX_VALUE;
        for (Running one : all) {
            if (one.follower.hasEnded()) {
                return -1;
            }
            lowest = Math.min(lowest, one.follower.position());
        }
        return lowest;
    }

    private List<Running> all() {
        lock.lock();
        try {
            return new ArrayList<>(running.values());
        } finally {
            lock.unlock();
        }
    }

    private record Running(Lease lease, Follower follower, boolean isLeaving) {}
}
