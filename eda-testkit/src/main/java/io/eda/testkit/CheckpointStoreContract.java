package io.eda.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.eda.event.AggregateId;
import io.eda.projection.CheckpointConflictException;
import io.eda.projection.CheckpointMove;
import io.eda.projection.CheckpointStore;
import io.eda.projection.FailedEvent;
import io.eda.projection.FailedEvent.Kind;
import io.eda.projection.FailedEvents;
import io.eda.projection.Lease;
import io.eda.projection.LeaseLostException;
import io.eda.projection.ShardLeases;
import io.eda.projection.ShardPosition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
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

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(1);

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
        if (!store.undoesFailedWork()) {
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

    @Test
    void a_shard_is_one_owners_as_long_as_its_lease_runs() {
        ShardLeases leases = store.leases();
        Lease ada = leases.acquire("orders", 0, "ada", LONG).orElseThrow();

        assertThat(leases.acquire("orders", 0, "bob", LONG)).isEmpty();
        assertThat(leases.beat("orders", "bob", LONG).shards().get(0).isRunBy(ada))
                .isTrue();

        leases.release(ada);
        Lease bob = leases.acquire("orders", 0, "bob", LONG).orElseThrow();
        assertThat(bob.epoch()).isGreaterThan(ada.epoch());
        leases.release(ada);
        assertThat(leases.acquire("orders", 0, "ada", LONG))
                .as("after a late release of the owner before")
                .isEmpty();
        assertThat(leases.acquire("orders", 1, "ada", LONG))
                .as("a shard that is none")
                .isEmpty();
    }

    @Test
    void a_beat_renews_a_lease_and_a_silent_owner_loses_it() {
        ShardLeases leases = store.leases();
        Lease ada = leases.acquire("orders", 0, "ada", SHORT).orElseThrow();
        leases.beat("orders", "ada", LONG);
        assertThat(leases.acquire("orders", 0, "bob", LONG)).isEmpty();

        leases.beat("orders", "ada", SHORT);
        Lease bob = acquireSoon("orders", "bob");
        assertThat(bob.epoch()).isGreaterThan(ada.epoch());
        assertThat(leases.beat("orders", "ada", LONG).shards().get(0).isRunBy(ada))
                .isFalse();
        assertThat(leases.position(ada)).isEmpty();
        assertThat(leases.position(bob)).contains(ShardPosition.whole(0));
    }

    @Test
    void of_many_who_acquire_a_shard_exactly_one_gets_it() throws Exception {
        List<Optional<Lease>> leases = Race.run(IntStream.range(0, 8)
                .<Callable<Optional<Lease>>>mapToObj(i -> () -> store.leases().acquire("orders", 0, "owner " + i, LONG))
                .toList());

        assertThat(leases).filteredOn(Optional::isPresent).hasSize(1);
    }

    @Test
    void who_lost_the_lease_can_neither_write_nor_move() throws Exception {
        Lease ada = store.leases().acquire("orders", 0, "ada", SHORT).orElseThrow();
        store.advance(CheckpointMove.under(ada, 0, 10), context -> write(context, "ada"));
        Lease bob = acquireSoon("orders", "bob");
        assertThat(bob.start().position()).isEqualTo(10);

        LeaseLostException lost = catchThrowableOfType(
                LeaseLostException.class,
                () -> store.advance(CheckpointMove.under(ada, 10, 20), context -> write(context, "zombie")));
        assertThat(lost).isNotNull();
        assertThat(lost.epoch()).isEqualTo(ada.epoch());
        assertThat(lost.currentEpoch()).isEqualTo(bob.epoch());
        assertThatThrownBy(() -> store.advance("orders", 10, 20, context -> write(context, "without a lease")))
                .isInstanceOf(LeaseLostException.class);

        store.advance(CheckpointMove.under(bob, 10, 30), context -> write(context, "bob"));
        assertThat(notes()).containsExactlyInAnyOrder("ada", "bob");
        assertThat(store.position("orders")).isEqualTo(30);
    }

    @Test
    void members_are_counted_until_they_leave() {
        ShardLeases leases = store.leases();
        leases.arrange("orders", 1);
        assertThat(leases.beat("orders", "ada", LONG).members()).isEqualTo(1);
        assertThat(leases.beat("orders", "bob", LONG).members()).isEqualTo(2);
        leases.leave("orders", "ada");
        assertThat(leases.beat("orders", "bob", LONG).members()).isEqualTo(1);
    }

    @Test
    void a_new_cut_ends_the_leases_of_the_old_one() throws Exception {
        ShardLeases leases = store.leases();
        store.advance("orders", 0, 10, context -> {});
        leases.arrange("orders", 3);
        Lease second = leases.acquire("orders", 2, "ada", LONG).orElseThrow();
        assertThat(second.start()).isEqualTo(new ShardPosition(2, 3, 10, List.of()));
        leases.arrange("orders", 3);
        store.advance(CheckpointMove.under(second, 10, 20), context -> {});

        leases.arrange("orders", 2);
        assertThat(leases.beat("orders", "ada", LONG).shards()).hasSize(2);
        assertThatThrownBy(() -> store.advance(CheckpointMove.under(second, 20, 30), context -> write(context, "old")))
                .isInstanceOf(LeaseLostException.class);
        assertThat(notes()).isEmpty();
        assertThat(store.position("orders")).isEqualTo(10);
    }

    @Test
    void however_it_is_cut_every_event_is_handled_once() throws Exception {
        Random random = new Random(20261125);
        List<AggregateId> aggregates = IntStream.range(0, 40)
                .mapToObj(i -> AggregateId.of("order", "o" + i))
                .toList();
        int end = 400;
        for (int cut = 0; cut < 12; cut++) {
            int shards = 1 + random.nextInt(9);
            store.leases().arrange("orders", shards);
            for (int shard = 0; shard < shards; shard++) {
                handle(shard, cut == 11 ? end : random.nextInt(end + 1), aggregates);
            }
        }

        assertThat(store.position("orders")).isEqualTo(end);
        assertThat(notes())
                .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, end)
                        .mapToObj(position -> "event " + position)
                        .toList());
    }

    /** Handles what a shard has before it up to {@code to}: event number p belongs to aggregate number p mod 40. */
    private void handle(int shard, long to, List<AggregateId> aggregates) throws Exception {
        Lease lease = store.leases().acquire("orders", shard, "ada", LONG).orElseThrow();
        ShardPosition start = lease.start();
        if (to <= start.position()) {
            return;
        }
        store.advance(CheckpointMove.under(lease, start.position(), to), context -> {
            for (long position = start.position() + 1; position <= to; position++) {
                if (start.accepts(aggregates.get((int) (position % aggregates.size())), position)) {
                    write(context, "event " + position);
                }
            }
        });
    }

    @Test
    void a_reset_puts_back_all_shards_and_forgets_earlier_cuts() throws Exception {
        ShardLeases leases = store.leases();
        leases.arrange("orders", 2);
        Lease first = leases.acquire("orders", 0, "ada", LONG).orElseThrow();
        store.advance(CheckpointMove.under(first, 0, 10), context -> {});
        leases.arrange("orders", 3);
        Lease last = leases.acquire("orders", 2, "ada", LONG).orElseThrow();
        assertThat(last.start().floors()).isNotEmpty();

        store.reset("orders", 4, context -> write(context, "cleared"));

        assertThat(leases.position(last)).contains(new ShardPosition(2, 3, 4, List.of()));
        store.advance(CheckpointMove.under(last, 4, 9), context -> {});
        assertThat(store.position("orders")).isEqualTo(4);
        assertThat(notes()).containsExactly("cleared");
    }

    @Test
    void failed_events_are_noted_parked_behind_each_other_and_forgotten() throws Exception {
        AggregateId poor = AggregateId.of("order", "poor");
        AggregateId rich = AggregateId.of("order", "rich");
        FailedEvents<C> failed = store.failedEvents();
        FailedEvent first = new FailedEvent(3, poor, Kind.PARKED, 5, "no such column");
        FailedEvent behind = new FailedEvent(7, poor, Kind.PARKED, 0, "");
        FailedEvent skipped = new FailedEvent(5, rich, Kind.SKIPPED, 2, "not\0allowed");

        store.run(context -> {
            failed.add(context, "orders", first);
            failed.add(context, "orders", skipped);
            assertThat(failed.parkBehind(context, "orders", behind)).isTrue();
            assertThat(failed.parkBehind(context, "orders", new FailedEvent(8, rich, Kind.PARKED, 0, "")))
                    .isFalse();
            assertThat(failed.parkBehind(context, "others", behind)).isFalse();
        });

        assertThat(failed.list("orders", 0, 10)).containsExactly(first, skipped, behind);
        assertThat(failed.list("orders", 3, 1)).containsExactly(skipped);
        assertThat(failed.parkedAggregates("orders")).containsExactly(poor);
        store.run(context -> {
            assertThat(failed.parkedOf(context, "orders", poor, 10)).containsExactly(first, behind);
            failed.remove(context, "orders", 3);
            failed.remove(context, "orders", 7);
            assertThat(failed.parkBehind(context, "orders", behind)).isFalse();
        });
        assertThat(failed.list("orders", 0, 10)).containsExactly(skipped);
        store.run(context -> failed.clear(context, "orders"));
        assertThat(failed.list("orders", 0, 10)).isEmpty();
    }

    @Test
    void a_batch_that_fails_is_halved_until_its_event_stands_alone_and_all_others_take_effect_once() throws Exception {
        // The first event counts as handled; a store whose leases do not know this would keep the runner going in
        // circles.
        Lease before =
                store.leases().acquire(BatchProjection.NAME, 0, "before", LONG).orElseThrow();
        store.advance(CheckpointMove.under(before, 0, 1), context -> write(context, "batched 1"));
        assertThat(store.leases().position(before)).contains(ShardPosition.whole(1));
        store.leases().release(before);
        BatchProjection<C> batches = new BatchProjection<>(store, this::write);

        batches.run();

        assertThat(batches.sizes()).allSatisfy(size -> assertThat(size).isBetween(1, BatchProjection.PAGE));
        if (store.undoesFailedWork()) {
            assertThat(batches.sizes()).as("sizes of batches").contains(BatchProjection.PAGE);
        }
        assertThat(notes()).containsExactlyInAnyOrderElementsOf(batches.expectedNotes());
        assertThat(store.failedEvents().list(BatchProjection.NAME, 0, 100))
                .extracting(FailedEvent::position)
                .containsExactlyElementsOf(batches.expectedFailures());
    }

    private Lease acquireSoon(String name, String owner) {
        long deadline = System.nanoTime() + LONG.toNanos();
        Optional<Lease> lease = Optional.empty();
        while (lease.isEmpty() && System.nanoTime() < deadline) {
            lease = store.leases().acquire(name, 0, owner, LONG);
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
        return lease.orElseThrow(() -> new AssertionError("The lease of " + name + " never came to its end"));
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
