package io.eda.projection;

/**
 * The right to run one shard, as long as it is renewed.
 *
 * @param name whose shard it is: a projection's or a relay's name
 * @param owner who holds it
 * @param epoch the number of this ownership: greater than that of every owner before; moves of a checkpoint carry it
 * @param start where the shard stood when the lease was taken
 */
public record Lease(String name, String owner, long epoch, ShardPosition start) {

    /** Returns the number of the shard. */
    public int shard() {
        return start.shard();
    }
}
