package io.eda.projection;

/**
 * A step of one checkpoint.
 *
 * @param name whose checkpoint it is
 * @param shard the number of the shard, from 0
 * @param epoch the epoch of the mover's lease; 0 for whoever moves a checkpoint that was never leased
 * @param from where it is believed to be, from 0
 * @param to where it goes, not before {@code from}
 */
public record CheckpointMove(String name, int shard, long epoch, long from, long to) {

    /** Refuses to go back. */
    public CheckpointMove {
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("The checkpoint of '" + name + "' cannot move from " + from + " to " + to
                    + ": it goes forward from 0 on; to go back, use reset");
        }
    }

    /** Returns the move of a checkpoint without shards and without a lease. */
    public static CheckpointMove of(String name, long from, long to) {
        return new CheckpointMove(name, 0, 0, from, to);
    }

    /** Returns a move under {@code lease}. */
    public static CheckpointMove under(Lease lease, long from, long to) {
        return new CheckpointMove(lease.name(), lease.shard(), lease.epoch(), from, to);
    }
}
