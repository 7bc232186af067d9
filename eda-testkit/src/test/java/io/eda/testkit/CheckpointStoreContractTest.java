package io.eda.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.eda.inmemory.InMemoryCheckpointStore;
import io.eda.projection.CheckpointConflictException;
import io.eda.projection.CheckpointMove;
import io.eda.projection.CheckpointStore;
import io.eda.projection.FailedEvents;
import io.eda.projection.Lease;
import io.eda.projection.ShardLeases;
import io.eda.projection.ShardPosition;
import io.eda.projection.ShardTable;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The suite is a promise too: it must fail for every store that breaks one. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class CheckpointStoreContractTest {

    private static Fault fault = Fault.DOES_NOTHING;

    enum Fault {
        DOES_NOTHING,
        IS_NOT_FENCED,
        WORKS_BEFORE_IT_CHECKS,
        CHECKS_WITHOUT_A_LOCK,
        MOVES_BEFORE_IT_WORKS,
        IGNORES_RESETS,
        MIXES_NAMES,
        FORGETS_EPOCHS,
        SHARES_LEASES,
        LOSES_FLOORS
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(Fault.DOES_NOTHING, "a checkpoint moves together with its work"),
                Arguments.of(Fault.IS_NOT_FENCED, "who believes it elsewhere is refused and its work has no effect"),
                Arguments.of(Fault.WORKS_BEFORE_IT_CHECKS, "who believes it elsewhere is refused"),
                Arguments.of(
                        Fault.CHECKS_WITHOUT_A_LOCK, "of many who move it from the same place exactly one succeeds"),
                Arguments.of(Fault.MOVES_BEFORE_IT_WORKS, "work that fails leaves the checkpoint where it was"),
                Arguments.of(Fault.IGNORES_RESETS, "it goes back by a reset alone"),
                Arguments.of(Fault.MIXES_NAMES, "checkpoints of different names know nothing of each other"),
                Arguments.of(Fault.FORGETS_EPOCHS, "who lost the lease can neither write nor move"),
                Arguments.of(Fault.SHARES_LEASES, "a shard is one owners as long as its lease runs"),
                Arguments.of(Fault.LOSES_FLOORS, "however it is cut every event is handled once"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void a_broken_store_fails_the_test_that_names_its_fault(Fault broken, String expectedFailure) {
        fault = broken;

        assertThat(SuiteRun.of(Suite.class).failedTests()).anyMatch(test -> test.startsWith(expectedFailure));
    }

    static final class Suite extends CheckpointStoreContract<List<String>> {
        private final List<String> notes = new CopyOnWriteArrayList<>();

        @Override
        protected CheckpointStore<List<String>> openStore() {
            return new BrokenStore(notes, fault);
        }

        @Override
        protected void write(List<String> context, String note) {
            context.add(note);
        }

        @Override
        protected List<String> notes() {
            return notes;
        }
    }

    /** Right in everything but its fault; what has nothing to do with checkpoints and leases is a right store's. */
    private static final class BrokenStore implements CheckpointStore<List<String>> {

        private final List<String> notes;
        private final Fault fault;
        private final Map<String, Long> positions = new ConcurrentHashMap<>();
        private final InMemoryCheckpointStore<List<String>> right;

        BrokenStore(List<String> notes, Fault fault) {
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
            return isFaultOfLeases() ? new BrokenLeases(right.leases(), fault) : right.leases();
        }

        @Override
        public FailedEvents<List<String>> failedEvents() {
            return right.failedEvents();
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

    private record BrokenLeases(ShardLeases right, Fault fault) implements ShardLeases {

        @Override
        public void arrange(String name, int shards) {
            right.arrange(name, shards);
        }

        @Override
        public ShardTable beat(String name, String owner, Duration time) {
            return right.beat(name, owner, time);
        }

        @Override
        public Optional<Lease> acquire(String name, int shard, String owner, Duration time) {
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
            return right.position(lease);
        }

        @Override
        public void release(Lease lease) {
            right.release(lease);
        }

        @Override
        public void leave(String name, String owner) {
            right.leave(name, owner);
        }
    }
}
