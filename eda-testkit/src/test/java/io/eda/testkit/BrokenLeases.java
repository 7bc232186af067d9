package io.eda.testkit;

import io.eda.projection.Lease;
import io.eda.projection.ShardLeases;
import io.eda.projection.ShardPosition;
import io.eda.projection.ShardTable;
import io.eda.testkit.CheckpointSuite.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The leases of a {@link BrokenCheckpointStore}. */
record BrokenLeases(ShardLeases right, Fault fault) implements ShardLeases {

    @Override
    public void arrange(String name, int shards) {
        if (fault == Fault.DOES_NOTHING) {
            return;
        }
        right.arrange(name, shards);
    }

    @Override
    public ShardTable beat(String name, String owner, Duration time) {
        if (fault == Fault.DOES_NOTHING) {
            return new ShardTable(0, List.of());
        }
        return right.beat(name, owner, time);
    }

    @Override
    public Optional<Lease> acquire(String name, int shard, String owner, Duration time) {
        if (fault == Fault.DOES_NOTHING) {
            return Optional.empty();
        }
        String taker = fault == Fault.SHARES_LEASES ? "everybody" : owner;
        return right.acquire(name, shard, taker, time).map(this::spoiled);
    }

    private Lease spoiled(Lease lease) {
        ShardPosition start = lease.start();
        return fault == Fault.LOSES_FLOORS
                ? new Lease(
                        lease.name(),
                        lease.owner(),
                        lease.epoch(),
                        new ShardPosition(start.shard(), start.shards(), start.position(), List.of()))
                : lease;
    }

    @Override
    public Optional<ShardPosition> position(Lease lease) {
        if (fault == Fault.DOES_NOTHING) {
            return Optional.empty();
        }
        return right.position(lease);
    }

    @Override
    public void release(Lease lease) {
        if (fault == Fault.DOES_NOTHING) {
            return;
        }
        right.release(lease);
    }

    @Override
    public void leave(String name, String owner) {
        if (fault == Fault.DOES_NOTHING) {
            return;
        }
        right.leave(name, owner);
    }
}
