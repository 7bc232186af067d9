package io.eda.testkit;

import io.eda.inmemory.InMemoryCheckpointStore;
import io.eda.projection.CheckpointStore;
import java.util.List;
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
        IGNORES_RESETS,
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
                        "ignores resets",
                        "a checkpoint goes back by a reset alone",
                        "it_goes_back_by_a_reset_alone",
                        Fault.IGNORES_RESETS),
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
        return fault == Fault.NONE ? new InMemoryCheckpointStore<>(notes) : new BrokenCheckpointStore(notes, fault);
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
