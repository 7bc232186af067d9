package io.eda.inmemory;

import io.eda.projection.CheckpointConflictException;
import io.eda.projection.CheckpointStore;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Checkpoints in the memory of this process, over a read model that the caller brings. There is no transaction to roll
 * back: work that failed half-way is done again, so it happens at least once.
 *
 * @param <C> the read model, handed to every work, one at a time
 */
public final class InMemoryCheckpointStore<C> implements CheckpointStore<C> {

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Long> positions = new HashMap<>();
    private final C context;

    /** Keeps checkpoints over {@code context}. */
    public InMemoryCheckpointStore(C context) {
        this.context = context;
    }

    @Override
    public long position(String name) {
        lock.lock();
        try {
            return positions.getOrDefault(name, 0L);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void advance(String name, long from, long to, Work<C> work) throws Exception {
        if (to < from) {
            throw new IllegalArgumentException(
                    "The checkpoint of '" + name + "' cannot move back from " + from + " to " + to + ": use reset");
        }
        lock.lock();
        try {
            long actual = positions.getOrDefault(name, 0L);
            if (actual != from) {
                throw new CheckpointConflictException(name, from, actual);
            }
            work.run(context);
            positions.put(name, to);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void reset(String name, long position, Work<C> work) throws Exception {
        lock.lock();
        try {
            work.run(context);
            positions.put(name, position);
        } finally {
            lock.unlock();
        }
    }
}
