package io.eda.projection;

import io.eda.event.AggregateId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * How far one shard of a follower has come, and whose events it is to handle.
 *
 * <p>Every aggregate falls into one of {@value #SLOTS} slots by a hash that never changes, and slot {@code s} belongs to the
 * shard {@code s mod shards}. When the number of shards changes, a new shard begins at the lowest of the positions that
 * its slots had reached; its floors tell which of them had come further, so that no event is handled twice.
 *
 * @param shard the number of the shard, from 0
 * @param shards how many there are, 1 to {@value #SLOTS}
 * @param position up to where it has handled everything that is its own
 * @param floors for every slot the position up to which it was handled by an earlier cut; none where there was no other cut
 */
public record ShardPosition(int shard, int shards, long position, List<Long> floors) {

    /** How many slots there are, and thereby the most shards. */
    public static final int SLOTS = 256;

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    /** Copies the floors and checks the numbers. */
    public ShardPosition {
        floors = List.copyOf(floors);
        if (shards < 1 || shards > SLOTS || shard < 0 || shard >= shards) {
            throw new IllegalArgumentException(
                    "Shard " + shard + " of " + shards + ": there are 1 to " + SLOTS + ", counted from 0");
        }
        if (position < 0 || (!floors.isEmpty() && floors.size() != SLOTS)) {
            throw new IllegalArgumentException("A shard at position " + position + " with " + floors.size()
                    + " floors: positions start at 0, and there is a floor for each of the " + SLOTS
                    + " slots, or none");
        }
    }

    /** Returns the only shard of a follower that is not cut, at {@code position}. */
    public static ShardPosition whole(long position) {
        return new ShardPosition(0, 1, position, List.of());
    }

    /** Returns a copy at another position. */
    public ShardPosition at(long newPosition) {
        return new ShardPosition(shard, shards, newPosition, floors);
    }

    /** Returns whether the event of {@code aggregate} at {@code eventPosition} is this shard's, and was not handled before the cut. */
    public boolean accepts(AggregateId aggregate, long eventPosition) {
        if (shards == 1 && floors.isEmpty()) {
            return true;
        }
        int slot = slotOf(aggregate);
        return slot % shards == shard && (floors.isEmpty() || eventPosition > floors.get(slot));
    }

    /** Returns the slot of an aggregate: FNV-1a (Fowler, Noll, Vo) over its type and id, the same for ever and everywhere. */
    public static int slotOf(AggregateId aggregate) {
        long hash = hashed(hashed(FNV_OFFSET, aggregate.type()) ^ '/', aggregate.id());
        // The low bits of FNV alone are not even for ids that end alike.
        hash ^= hash >>> 33;
        hash *= 0xff51afd7ed558ccdL;
        hash ^= hash >>> 33;
        return (int) (hash & (SLOTS - 1));
    }

    /**
     * Returns the shards of a new cut that lose no event and handle none twice.
     *
     * @param before all shards of the cut until now
     * @param shards how many there are to be
     */
    public static List<ShardPosition> cut(List<ShardPosition> before, int shards) {
        long[] reached = new long[SLOTS];
        for (ShardPosition old : before) {
            for (int slot = old.shard; slot < SLOTS; slot += old.shards) {
                reached[slot] = Math.max(old.position, old.floors.isEmpty() ? 0 : old.floors.get(slot));
            }
        }
        boolean isEven = LongStream.of(reached).distinct().count() == 1;
        List<Long> floors = isEven ? List.of() : LongStream.of(reached).boxed().toList();
        List<ShardPosition> after = new ArrayList<>();
        for (int shard = 0; shard < shards; shard++) {
            long lowest = Long.MAX_VALUE;
            for (int slot = shard; slot < SLOTS; slot += shards) {
                lowest = Math.min(lowest, reached[slot]);
            }
            after.add(new ShardPosition(shard, shards, lowest, floors));
        }
        return after;
    }

    private static long hashed(long start, String text) {
        long hash = start;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        return hash;
    }
}
