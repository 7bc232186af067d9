package io.eda.testkit;

import io.eda.inmemory.InMemoryCheckpointStore;
import io.eda.projection.CheckpointConflictException;
import io.eda.projection.CheckpointStore;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
        MIXES_NAMES
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
                        Fault.MIXES_NAMES));
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

    @Override
    protected boolean undoesFailedWork() {
        return false;
    }

    private record BrokenStore(List<String> notes, Fault fault, Map<String, Long> positions)
            implements CheckpointStore<List<String>> {

        BrokenStore(List<String> notes, Fault fault) {
            this(notes, fault, new ConcurrentHashMap<>());
        }

        @Override
        public long position(String name) {
            return positions.getOrDefault(key(name), 0L);
        }

        @Override
        public void advance(String name, long from, long to, Work<List<String>> work) throws Exception {
            if (fault == Fault.DOES_NOTHING) {
                return;
            }
            if (to < from && fault != Fault.GOES_BACK) {
                throw new IllegalArgumentException("backwards");
            }
            if (fault == Fault.WORKS_BEFORE_IT_CHECKS) {
                work.run(notes);
            }
            if (position(name) != from && fault != Fault.IS_NOT_FENCED) {
                throw new CheckpointConflictException(name, from, position(name));
            }
            BrokenStorage.pause();
            move(name, to, work);
        }

        @Override
        public void reset(String name, long position, Work<List<String>> work) throws Exception {
            move(name, position, work);
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
    }
}
