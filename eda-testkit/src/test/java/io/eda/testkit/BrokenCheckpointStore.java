package io.eda.testkit;

import io.eda.event.AggregateId;
import io.eda.inmemory.InMemoryCheckpointStore;
import io.eda.projection.CheckpointConflictException;
import io.eda.projection.CheckpointMove;
import io.eda.projection.CheckpointStore;
import io.eda.projection.FailedEvent;
import io.eda.projection.FailedEvents;
import io.eda.projection.ShardLeases;
import io.eda.testkit.CheckpointSuite.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Right in everything but its fault; what has nothing to do with checkpoints and leases is a right store's. */
final class BrokenCheckpointStore implements CheckpointStore<List<String>> {

    private final List<String> notes;
    private final Fault fault;
    private final Map<String, Long> positions = new ConcurrentHashMap<>();
    private final InMemoryCheckpointStore<List<String>> right;

    BrokenCheckpointStore(List<String> notes, Fault fault) {
        this.notes = notes;
        this.fault = fault;
        this.right = new InMemoryCheckpointStore<>(notes);
    }

    private boolean isFaultOfLeases() {
        return fault == Fault.FORGETS_EPOCHS || fault == Fault.SHARES_LEASES || fault == Fault.LOSES_FLOORS;
    }

    @Override
    public long position(String name) {
        return isFaultOfLeases() ? right.position(name) : positions.getOrDefault(key(name), 0L);
    }

    @Override
    public void advance(CheckpointMove move, Work<List<String>> work) throws Exception {
        if (isFaultOfLeases()) {
            right.advance(fault == Fault.FORGETS_EPOCHS ? inCurrentEpoch(move) : move, work);
            return;
        }
        if (fault == Fault.DOES_NOTHING) {
            return;
        }
        if (fault == Fault.WORKS_BEFORE_IT_CHECKS) {
            work.run(notes);
        }
        if (position(move.name()) != move.from() && fault != Fault.IS_NOT_FENCED) {
            throw new CheckpointConflictException(move.name(), move.from(), position(move.name()));
        }
        BrokenStorage.pause();
        move(move.name(), move.to(), work);
    }

    private CheckpointMove inCurrentEpoch(CheckpointMove move) {
        long epoch = right.leases()
                .beat(move.name(), "nobody", Duration.ofMillis(1))
                .shards()
                .get(move.shard())
                .epoch();
        return new CheckpointMove(move.name(), move.shard(), epoch, move.from(), move.to());
    }

    @Override
    public void reset(String name, long position, Work<List<String>> work) throws Exception {
        if (isFaultOfLeases()) {
            right.reset(name, position, work);
        } else if (fault != Fault.IGNORES_RESETS) {
            move(name, position, work);
        }
    }

    private void move(String name, long to, Work<List<String>> work) throws Exception {
        if (fault == Fault.MOVES_BEFORE_IT_WORKS) {
            positions.put(key(name), to);
        }
        work.run(notes);
        positions.put(key(name), to);
    }

    private String key(String name) {
        return fault == Fault.MIXES_NAMES ? name.toLowerCase(Locale.ROOT) : name;
    }

    @Override
    public void run(Work<List<String>> work) throws Exception {
        right.run(work);
    }

    @Override
    public ShardLeases leases() {
        return fault == Fault.DOES_NOTHING || isFaultOfLeases()
                ? new BrokenLeases(right.leases(), fault)
                : right.leases();
    }

    @Override
    public FailedEvents<List<String>> failedEvents() {
        return fault == Fault.DOES_NOTHING ? new NoFailedEvents() : right.failedEvents();
    }

    @Override
    public boolean undoesFailedWork() {
        return false;
    }

    @Override
    public boolean isOutage(Throwable failure) {
        return false;
    }

    private static final class NoFailedEvents implements FailedEvents<List<String>> {

        @Override
        public void add(List<String> context, String name, FailedEvent event) {}

        @Override
        public boolean parkBehind(List<String> context, String name, FailedEvent event) {
            return false;
        }

        @Override
        public List<FailedEvent> parkedOf(List<String> context, String name, AggregateId aggregateId, int limit) {
            return List.of();
        }

        @Override
        public void remove(List<String> context, String name, long position) {}

        @Override
        public void clear(List<String> context, String name) {}

        @Override
        public Set<AggregateId> parkedAggregates(String name) {
            return Set.of();
        }

        @Override
        public List<FailedEvent> list(String name, long afterPosition, int limit) {
            return List.of();
        }
    }
}
