package io.eda.inmemory;

import io.eda.projection.Lease;
import io.eda.projection.ShardLeases;
import io.eda.projection.ShardPosition;
import io.eda.projection.ShardTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The shards of an in-memory checkpoint store, whose lock guards them. */
final class InMemoryShardLeases implements ShardLeases {

    private final ReentrantLock lock;
    private final Map<String, List<Shard>> shards = new HashMap<>();
    private final Map<String, Map<String, Long>> members = new HashMap<>();

    InMemoryShardLeases(ReentrantLock lock) {
        this.lock = lock;
    }

    long lowestPosition(String name) {
        lock.lock();
        try {
            return shards.getOrDefault(name, List.of()).stream()
                    .mapToLong(shard -> shard.position.position())
                    .min()
                    .orElse(0);
        } finally {
            lock.unlock();
        }
    }

    List<ShardPosition> positions(String name) {
        lock.lock();
        try {
            return shards.getOrDefault(name, List.of()).stream()
                    .map(shard -> shard.position)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock. */
    List<Shard> shards(String name) {
        return shards.computeIfAbsent(name, n -> new ArrayList<>(List.of(new Shard(ShardPosition.whole(0), 0))));
    }

    /** Under the lock. */
    @Nullable
    Shard shard(String name, int number) {
        List<Shard> all = shards(name);
        return number < all.size() ? all.get(number) : null;
    }

    @Override
    public void arrange(String name, int count) {
        lock.lock();
        try {
            List<Shard> before = shards(name);
            if (before.size() == count) {
                return;
            }
            long epoch = before.stream().mapToLong(shard -> shard.epoch).max().orElse(0) + 1;
            List<ShardPosition> positions =
                    before.stream().map(shard -> shard.position).toList();
            List<Shard> after = new ArrayList<>();
            ShardPosition.cut(positions, count).forEach(position -> after.add(new Shard(position, epoch)));
            shards.put(name, after);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public ShardTable beat(String name, String owner, Duration time) {
        lock.lock();
        try {
            long now = System.nanoTime();
            Map<String, Long> alive = members.computeIfAbsent(name, n -> new HashMap<>());
            alive.put(owner, now + time.toNanos());
            alive.values().removeIf(until -> until - now <= 0);
            List<ShardTable.Shard> table = new ArrayList<>();
            for (Shard shard : shards(name)) {
                if (shard.owner.equals(owner) && !shard.isReleased) {
                    shard.heldUntil = now + time.toNanos();
                }
                table.add(new ShardTable.Shard(
                        shard.position.shard(),
                        shard.epoch,
                        shard.owner,
                        shard.isHeld(now),
                        shard.position.position()));
            }
            return new ShardTable(alive.size(), table);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<Lease> acquire(String name, int number, String owner, Duration time) {
        lock.lock();
        try {
            long now = System.nanoTime();
            Shard shard = shard(name, number);
            if (shard == null || (shard.isHeld(now) && !shard.owner.equals(owner))) {
                return Optional.empty();
            }
            shard.owner = owner;
            shard.epoch++;
            shard.isReleased = false;
            shard.heldUntil = now + time.toNanos();
            return Optional.of(new Lease(name, owner, shard.epoch, shard.position));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<ShardPosition> position(Lease lease) {
        lock.lock();
        try {
            Shard shard = shard(lease.name(), lease.shard());
            return shard == null || shard.epoch != lease.epoch() ? Optional.empty() : Optional.of(shard.position);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void release(Lease lease) {
        lock.lock();
        try {
            Shard shard = shard(lease.name(), lease.shard());
            if (shard != null && shard.epoch == lease.epoch()) {
                shard.isReleased = true;
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void leave(String name, String owner) {
        lock.lock();
        try {
            members.getOrDefault(name, new HashMap<>()).remove(owner);
        } finally {
            lock.unlock();
        }
    }

    /** One shard; guarded by the lock. */
    static final class Shard {
        ShardPosition position;
        long epoch;
        private String owner = "";
        private boolean isReleased = true;
        private long heldUntil;

        private Shard(ShardPosition position, long epoch) {
            this.position = position;
            this.epoch = epoch;
        }

        private boolean isHeld(long now) {
            return !isReleased && heldUntil - now > 0;
        }
    }
}
