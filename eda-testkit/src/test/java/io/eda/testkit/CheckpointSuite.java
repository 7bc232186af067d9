package io.eda.testkit;

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

/** The suite for checkpoint stores over one that has one fault. */
final class CheckpointSuite extends CheckpointStoreContract<List<String>>
        implements SabotagedSuite<CheckpointSuite.Fault> {

    private final List<String> notes = new CopyOnWriteArrayList<>();
    private Fault fault = Fault.NONE;

    enum Fault {
        NONE,
        DOES_NOTHING,
        IS_NOT_FENCED,
        WORKS_BEFORE_IT_CHECKS,
        CHECKS_WITHOUT_A_LOCK,
        MOVES_BEFORE_IT_WORKS,
        GOES_BACK,
        MIXES_NAMES,
        FORGETS_EPOCHS,
        SHARES_LEASES,
        LOSES_FLOORS
    }

    static Stream<Saboteur> saboteurs() {
        return Stream.of(
                saboteur(
                        "moves a checkpoint from wherever it is",
                        "fenced",
                        "who_believes_it_elsewhere_is_refused_and_its_work_has_no_effect",
                        Fault.IS_NOT_FENCED),
                saboteur(
                        "does the work of who is refused",
                        "fenced",
                        "who_believes_it_elsewhere_is_refused_and_its_work_has_no_effect",
                        Fault.WORKS_BEFORE_IT_CHECKS),
                saboteur(
                        "compares and moves in two steps",
                        "fenced",
                        "of_many_who_move_it_from_the_same_place_exactly_one_succeeds",
                        Fault.CHECKS_WITHOUT_A_LOCK),
                saboteur(
                        "moves although the work failed",
                        "checkpoint and work move together",
                        "work_that_fails_leaves_the_checkpoint_where_it_was_and_its_error_comes_out",
                        Fault.MOVES_BEFORE_IT_WORKS),
                saboteur(
                        "goes back without a reset",
                        "a checkpoint goes back by a reset alone",
                        "it_goes_back_by_a_reset_alone",
                        Fault.GOES_BACK),
                saboteur(
                        "mixes names that differ in case",
                        "each name has its own checkpoint",
                        "checkpoints_of_different_names_know_nothing_of_each_other",
                        Fault.MIXES_NAMES),
                saboteur(
                        "moves in whatever epoch is current",
                        "fenced by epochs",
                        "who_lost_the_lease_can_neither_write_nor_move",
                        Fault.FORGETS_EPOCHS),
                saboteur(
                        "leases a shard to everybody",
                        "one owner a shard",
                        "a_shard_is_one_owners_as_long_as_its_lease_runs",
                        Fault.SHARES_LEASES),
                saboteur(
                        "forgets what each old shard had done when shards are cut anew",
                        "every event is handled once, however it is cut",
                        "however_it_is_cut_every_event_is_handled_once",
                        Fault.LOSES_FLOORS));
    }

    private static Saboteur saboteur(String name, String breaks, String catcher, Fault fault) {
        return new Saboteur(CheckpointSuite.class, null, name, breaks, catcher, fault);
    }

    @Override
    public void isGiven(Fault given) {
        fault = given;
    }

    @Override
    protected CheckpointStore<List<String>> openStore() {
        return fault == Fault.NONE ? new InMemoryCheckpointStore<>(notes) : new BrokenStore(notes, fault);
    }

    @Override
    protected void write(List<String> context, String note) {
        context.add(note);
    }

    @Override
    protected List<String> notes() {
        return notes;
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
            if (move.to() < move.from() && fault != Fault.GOES_BACK) {
                throw new IllegalArgumentException("backwards");
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
            } else {
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
