package io.eda.projection;

import java.util.List;
import java.util.Optional;

/**
 * Who runs what of one name, as a heartbeat found it.
 *
 * @param members how many owners beat within the time of their leases, the asking one included
 * @param shards every shard of the cut, in the order of their numbers
 */
public record ShardTable(int members, List<Shard> shards) {

    /** Copies the list. */
    public ShardTable {
        shards = List.copyOf(shards);
    }

    /** Returns the shard of this number, if the cut has one. */
    public Optional<Shard> shard(int number) {
        return shards.stream().filter(shard -> shard.number() == number).findFirst();
    }

    /**
     * One shard.
     *
     * @param number its number, from 0
     * @param epoch the number of its latest ownership
     * @param owner who held it last; empty where nobody ever did
     * @param isHeld whether that lease still runs, by the clock of the store
     * @param position where it stands
     */
    public record Shard(int number, long epoch, String owner, boolean isHeld, long position) {

        /** Returns whether {@code lease} is still the one that counts. */
        public boolean isRunBy(Lease lease) {
            return isHeld && epoch == lease.epoch() && owner.equals(lease.owner());
        }
    }
}
