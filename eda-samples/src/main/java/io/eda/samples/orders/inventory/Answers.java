package io.eda.samples.orders.inventory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * How many pieces each order holds that ever asked. Immutable; a change copies one of many small maps instead of all that a
 * busy product remembers.
 */
public final class Answers {

    private static final int SHARDS = 256;
    private static final Answers NONE = new Answers(Collections.nCopies(SHARDS, Map.of()));

    private final List<Map<String, Integer>> shards;

    private Answers(List<Map<String, Integer>> shards) {
        this.shards = shards;
    }

    static Answers none() {
        return NONE;
    }

    /** Returns how many pieces the order holds; nothing where it never asked. */
    public OptionalInt of(String orderId) {
        Integer held = shards.get(shardOf(orderId)).get(orderId);
        return held == null ? OptionalInt.empty() : OptionalInt.of(held);
    }

    /** Returns how many pieces all orders hold together. */
    public long held() {
        return shards.stream()
                .flatMap(shard -> shard.values().stream())
                .mapToLong(held -> held)
                .sum();
    }

    Answers with(String orderId, int held) {
        int changed = shardOf(orderId);
        Map<String, Integer> shard = new HashMap<>(shards.get(changed));
        shard.put(orderId, held);
        List<Map<String, Integer>> copy = new ArrayList<>(shards);
        copy.set(changed, shard);
        return new Answers(copy);
    }

    private static int shardOf(String orderId) {
        return Math.floorMod(orderId.hashCode(), SHARDS);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Answers that && shards.equals(that.shards);
    }

    @Override
    public int hashCode() {
        return shards.hashCode();
    }
}
