package io.eda.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.eda.projection.CheckpointConflictException;
import io.eda.projection.CheckpointStore;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Proves the promises of {@link CheckpointStore} for one implementation. An adapter says how to open an empty store, how a
 * work leaves a note, and how to read the notes.
 *
 * @param <C> what the work is done with
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(60)
public abstract class CheckpointStoreContract<C> {

    @SuppressWarnings("NullAway.Init") // open() sets it before every test.
    private CheckpointStore<C> store;

    /** For subclasses. */
    protected CheckpointStoreContract() {}

    /** Opens a store without checkpoints, over a place without notes; called before every test. */
    protected abstract CheckpointStore<C> openStore() throws Exception;

    /** Leaves a note, as the work of a checkpoint does. */
    protected abstract void write(C context, String note) throws Exception;

    /** Returns the notes that took effect, in any order. */
    protected abstract List<String> notes() throws Exception;

    /** Declares whether a work that failed leaves no trace; without it, work happens at least once. */
    protected abstract boolean undoesFailedWork();

    @BeforeEach
    final void open() throws Exception {
        store = openStore();
    }

    @Test
    void who_never_started_stands_at_0() throws Exception {
        assertThat(store.position("orders")).isZero();
        store.advance("mail", 0, 7, context -> {});
        assertThat(store.position("orders")).isZero();
        assertThat(store.position("mail")).isEqualTo(7);
    }

    @Test
    void a_checkpoint_moves_together_with_its_work() throws Exception {
        store.advance("orders", 0, 10, context -> write(context, "first"));
        store.advance("orders", 10, 12, context -> write(context, "second"));
        store.advance("orders", 12, 12, context -> write(context, "third"));

        assertThat(store.position("orders")).isEqualTo(12);
        assertThat(notes()).containsExactlyInAnyOrder("first", "second", "third");
    }

    @Test
    void checkpoints_of_different_names_know_nothing_of_each_other() throws Exception {
        String long255 = "ä".repeat(255);
        store.advance("orders", 0, 10, context -> {});
        store.advance("Orders", 0, 11, context -> {});
        store.advance(long255, 0, Long.MAX_VALUE, context -> {});

        assertThat(store.position("orders")).isEqualTo(10);
        assertThat(store.position("Orders")).isEqualTo(11);
        assertThat(store.position(long255)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void who_believes_it_elsewhere_is_refused_and_its_work_has_no_effect() throws Exception {
        store.advance("orders", 0, 10, context -> {});

        for (long wrong : new long[] {0, 9, 11}) {
            CheckpointConflictException conflict = catchThrowableOfType(
                    CheckpointConflictException.class,
                    () -> store.advance("orders", wrong, 20, context -> write(context, "zombie")));
            assertThat(conflict).as("the conflict of a move from %s", wrong).isNotNull();
            assertThat(conflict.expectedPosition()).isEqualTo(wrong);
            assertThat(conflict.actualPosition()).isEqualTo(10);
        }
        assertThatThrownBy(() -> store.advance("other", 5, 6, context -> write(context, "zombie")))
                .isInstanceOf(CheckpointConflictException.class);

        assertThat(store.position("orders")).isEqualTo(10);
        assertThat(store.position("other")).isZero();
        assertThat(notes()).isEmpty();
    }

    @Test
    void it_goes_back_by_a_reset_alone() throws Exception {
        store.advance("orders", 0, 10, context -> {});

        assertThatThrownBy(() -> store.advance("orders", 10, 9, context -> write(context, "back")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(store.position("orders")).isEqualTo(10);
        assertThat(notes()).isEmpty();

        store.reset("orders", 3, context -> write(context, "cleared"));
        store.reset("new", 7, context -> {});
        assertThat(store.position("orders")).isEqualTo(3);
        assertThat(store.position("new")).isEqualTo(7);
        assertThat(notes()).containsExactly("cleared");

        store.reset("orders", 0, context -> {});
        store.advance("orders", 0, 4, context -> {});
        assertThat(store.position("orders")).isEqualTo(4);
    }

    @Test
    void work_that_fails_leaves_the_checkpoint_where_it_was_and_its_error_comes_out() throws Exception {
        Exception failure = new Exception("the read model refuses");
        CheckpointStore.Work<C> failing = context -> {
            throw failure;
        };
        store.advance("orders", 0, 10, context -> {});

        assertThatThrownBy(() -> store.advance("orders", 10, 11, failing)).isSameAs(failure);
        assertThatThrownBy(() -> store.reset("orders", 0, failing)).isSameAs(failure);
        assertThatThrownBy(() -> store.advance("new", 0, 5, failing)).isSameAs(failure);

        assertThat(store.position("orders")).isEqualTo(10);
        assertThat(store.position("new")).isZero();
        store.advance("orders", 10, 11, context -> write(context, "again"));
        store.advance("new", 0, 5, context -> {});
        assertThat(notes()).containsExactly("again");
    }

    @Test
    void work_that_fails_half_way_leaves_no_trace() throws Exception {
        if (!undoesFailedWork()) {
            throw new SwitchedOff().because("declared: work happens at least once, what it did before it failed stays");
        }

        assertThatThrownBy(() -> store.advance("orders", 0, 10, context -> {
                    write(context, "half");
                    throw new IllegalStateException("crashed in between");
                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(notes()).isEmpty();
        store.advance("orders", 0, 10, context -> write(context, "whole"));
        assertThat(notes()).containsExactly("whole");
    }

    @Test
    void of_many_who_move_it_from_the_same_place_exactly_one_succeeds() throws Exception {
        for (long from = 0; from < 10; from++) {
            long place = from;
            List<Boolean> moved = Race.run(IntStream.range(0, 8)
                    .<Callable<Boolean>>mapToObj(i -> () -> tryAdvance(place, "move from " + place))
                    .toList());

            assertThat(moved).filteredOn(isMoved -> isMoved).hasSize(1);
            assertThat(store.position("orders")).isEqualTo(place + 1);
        }
        assertThat(notes())
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 10)
                        .mapToObj(place -> "move from " + place)
                        .toList());
    }

    private boolean tryAdvance(long from, String note) throws Exception {
        try {
            store.advance("orders", from, from + 1, context -> write(context, note));
            return true;
        } catch (CheckpointConflictException e) {
            return false;
        }
    }
}
