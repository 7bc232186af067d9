package io.eda.inmemory;

import io.eda.intervention.Interventions;
import io.eda.projection.CheckpointConflictException;
import io.eda.projection.CheckpointMove;
import io.eda.projection.CheckpointStore;
import io.eda.projection.FailedEvents;
import io.eda.projection.LeaseLostException;
import io.eda.projection.ShardLeases;
import io.eda.projection.ShardPosition;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Checkpoints in the memory of this process, over a read model that the caller brings. There is no transaction to roll
 * back: work that failed half-way is done again, so it happens at least once. A projection therefore moves its checkpoint after
 * every event.
 *
 * @param <C> the read model, handed to every work, one at a time
 */
public final class InMemoryCheckpointStore<C> implements CheckpointStore<C> {

    private final ReentrantLock lock = new ReentrantLock();
    private final InMemoryShardLeases leases = new InMemoryShardLeases(lock);
    private final FailedEvents<C> failedEvents = new InMemoryFailedEvents<>(lock);
    private final Interventions interventions = new InMemoryInterventions();
    private final C context;

    /** Keeps checkpoints over {@code context}. */
    public InMemoryCheckpointStore(C context) {
        this.context = context;
    }

    @Override
    public long position(String name) {
        return leases.lowestPosition(name);
    }

    @Override
    public void advance(CheckpointMove move, Work<C> work) throws Exception {
        lock.lock();
        try {
            InMemoryShardLeases.Shard shard = leases.shard(move.name(), move.shard());
            if (shard == null || shard.epoch != move.epoch()) {
                throw new LeaseLostException(
                        move.name(), move.shard(), move.epoch(), shard == null ? move.epoch() + 1 : shard.epoch);
            }
            if (shard.position.position() != move.from()) {
                throw new CheckpointConflictException(move.name(), move.from(), shard.position.position());
            }
            work.run(context);
            shard.position = shard.position.at(move.to());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void reset(String name, long position, Work<C> work) throws Exception {
        lock.lock();
        try {
            work.run(context);
            for (InMemoryShardLeases.Shard shard : leases.shards(name)) {
                shard.position = ShardPosition.cut(List.of(ShardPosition.whole(position)), shard.position.shards())
                        .get(shard.position.shard());
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void run(Work<C> work) throws Exception {
        lock.lock();
        try {
            work.run(context);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public ShardLeases leases() {
        return leases;
    }

    @Override
    public FailedEvents<C> failedEvents() {
        return failedEvents;
    }

    @Override
    public List<ShardPosition> shards(String name) {
        return leases.positions(name);
    }

    @Override
    public Interventions interventions() {
        return interventions;
    }

    @Override
    public boolean undoesFailedWork() {
        return false;
    }

    @Override
    public boolean isOutage(Throwable failure) {
        return false;
    }
}
