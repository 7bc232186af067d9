package io.eda.projection;

import io.eda.intervention.Interventions;
import java.util.List;

/**
 * How far each follower of the events has come, who may move on, and which events it could not handle: what an adapter
 * implements for one database.
 *
 * <ol>
 *   <li><b>Fenced.</b> A checkpoint moves only from where its mover believes it to be, and in the current epoch; of two who
 *       move it from the same place, exactly one succeeds.
 *   <li><b>Forward.</b> It never goes back but by {@link #reset}.
 *   <li><b>With its work.</b> Where the store and the work share a transaction, both take effect or neither: the work has
 *       happened exactly once for every event. A store that cannot do this says so, and its work happens at least once.
 * </ol>
 *
 * <p>Implementations are thread-safe.
 *
 * @param <C> what the work is done with, such as the open transaction
 */
public interface CheckpointStore<C> {

    /** Returns the position up to which all shards of {@code name} have come, 0 where it has never started. */
    long position(String name);

    /**
     * Does the work and moves a checkpoint.
     *
     * @throws CheckpointConflictException if it is elsewhere: another one follows under this name; the work has had no
     *     effect
     * @throws LeaseLostException if it is in another epoch; the work has had no effect
     * @throws Exception what the work threw; the checkpoint has not moved
     */
    void advance(CheckpointMove move, Work<C> work) throws Exception;

    /** As above, for a checkpoint without shards and without a lease. */
    default void advance(String name, long from, long to, Work<C> work) throws Exception {
        advance(CheckpointMove.of(name, from, to), work);
    }

    /**
     * Does the work, which clears the read model, and puts all shards of {@code name} to {@code position}, wherever they
     * were. Who holds their leases keeps them.
     *
     * @throws Exception what the work threw; no checkpoint has moved
     */
    void reset(String name, long position, Work<C> work) throws Exception;

    /**
     * Does work that moves no checkpoint, in a transaction of its own where there are transactions.
     *
     * @throws Exception what the work threw
     */
    void run(Work<C> work) throws Exception;

    /** Returns who may run which shard. */
    ShardLeases leases();

    /** Returns the events that could not be handled. */
    FailedEvents<C> failedEvents();

    /**
     * Returns where each shard of {@code name} stands, in the order of their numbers; none where it has never started. A store that cuts
     * names into shards tells them all; by default everything is taken for one shard.
     */
    default List<ShardPosition> shards(String name) {
        return List.of(ShardPosition.whole(position(name)));
    }

    /** Returns where replays and drops of failed events are written down; by default nowhere. */
    default Interventions interventions() {
        return Interventions.forgotten();
    }

    /**
     * Returns whether a work that failed leaves no trace. Without it, a projection moves its checkpoint after every event, so
     * that a failure repeats that event alone.
     */
    boolean undoesFailedWork();

    /** Returns whether {@code failure} says that the database is in trouble, rather than that an event cannot be handled. */
    boolean isOutage(Throwable failure);

    /**
     * What is done together with the move of a checkpoint.
     *
     * @param <C> what it is done with
     */
    @FunctionalInterface
    interface Work<C> {

        /** Does it. */
        void run(C context) throws Exception;
    }
}
