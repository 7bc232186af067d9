package io.eda.projection;

/**
 * How far each follower of the events has come: what an adapter implements for one database.
 *
 * <ol>
 *   <li><b>Fenced.</b> A checkpoint moves only from where its mover believes it to be; of two who move it from the same
 *       place, exactly one succeeds.
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

    /** Returns the position up to which {@code name} has come, 0 where it has never started. */
    long position(String name);

    /**
     * Does the work and moves the checkpoint of {@code name}.
     *
     * @param from where it is believed to be
     * @param to where it goes, not before {@code from}
     * @throws CheckpointConflictException if it is elsewhere: another one follows under this name; the work has had no
     *     effect
     * @throws Exception what the work threw; the checkpoint has not moved
     */
    void advance(String name, long from, long to, Work<C> work) throws Exception;

    /**
     * Does the work, which clears the read model, and puts the checkpoint of {@code name} to {@code position}, wherever it
     * was.
     *
     * @throws Exception what the work threw; the checkpoint has not moved
     */
    void reset(String name, long position, Work<C> work) throws Exception;

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
