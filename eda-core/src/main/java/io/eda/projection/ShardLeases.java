package io.eda.projection;

import java.time.Duration;
import java.util.Optional;

/**
 * Who may run which shard of a follower: the other half of a {@link CheckpointStore}.
 *
 * <ol>
 *   <li><b>One owner.</b> A shard whose lease runs is nobody else's. Time is told by the store's clock, never by an owner's.
 *   <li><b>Fenced.</b> Every ownership has a greater epoch than those before. From the moment that {@link #acquire} returns, no
 *       move of the checkpoint under an older epoch takes effect, and none is under way any more.
 *   <li><b>Cut without loss.</b> A change of the number of shards is atomic, and neither loses an event nor handles one twice.
 * </ol>
 *
 * <p>Implementations are thread-safe.
 */
public interface ShardLeases {

    /** Cuts {@code name} into this many shards, if it is not; owners of another cut lose their leases. */
    void arrange(String name, int shards);

    /** Counts {@code owner} as a member, renews the leases that it holds, and returns who runs what. */
    ShardTable beat(String name, String owner, Duration time);

    /**
     * Takes a shard that is free, or that the owner holds already, in a new epoch. Waits until no move of an earlier owner is
     * under way, or ends it.
     *
     * @return nothing where another one's lease runs, or where the cut has no such shard
     */
    Optional<Lease> acquire(String name, int shard, String owner, Duration time);

    /** Returns where the shard of {@code lease} stands, or nothing where its epoch is over. */
    Optional<ShardPosition> position(Lease lease);

    /** Gives a shard back at once; without effect where it is no longer the owner's. */
    void release(Lease lease);

    /** Ends the membership of {@code owner}, which has given back its shards. */
    void leave(String name, String owner);
}
