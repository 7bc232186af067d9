package io.eda.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eda.event.AggregateId;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ShardPositionTest {

    @Test
    void the_slot_of_an_aggregate_never_changes() {
        // Golden: another hash would give aggregates to other shards while their positions stand.
        assertThat(IntStream.range(0, 6).mapToObj(i -> ShardPosition.slotOf(AggregateId.of("order", "42-" + i))))
                .containsExactly(146, 229, 95, 204, 233, 200);
        assertThat(ShardPosition.slotOf(AggregateId.of("order", "größe 因果"))).isEqualTo(54);
    }

    @Test
    void aggregates_spread_evenly_over_the_shards() {
        int[] counts = new int[4];
        for (int i = 0; i < 40_000; i++) {
            counts[ShardPosition.slotOf(AggregateId.of("order", "order-" + i)) % 4]++;
        }
        assertThat(IntStream.of(counts).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(9_000, 11_000));
    }

    @Test
    void every_aggregate_belongs_to_exactly_one_shard() {
        List<ShardPosition> shards = ShardPosition.cut(List.of(ShardPosition.whole(7)), 5);
        for (int i = 0; i < 1_000; i++) {
            AggregateId id = AggregateId.of("order", "o" + i);
            assertThat(shards).filteredOn(shard -> shard.accepts(id, 8)).hasSize(1);
        }
        assertThat(shards).allSatisfy(shard -> {
            assertThat(shard.position()).isEqualTo(7);
            assertThat(shard.floors()).isEmpty();
        });
    }

    @Test
    void a_new_cut_begins_at_the_lowest_of_its_slots_and_leaves_out_what_was_handled() {
        List<ShardPosition> two = ShardPosition.cut(List.of(ShardPosition.whole(0)), 2);
        List<ShardPosition> one =
                ShardPosition.cut(List.of(two.get(0).at(10), two.get(1).at(30)), 1);

        assertThat(one).hasSize(1);
        assertThat(one.get(0).position()).isEqualTo(10);
        AggregateId ahead = aggregateIn(1);
        AggregateId behind = aggregateIn(0);
        assertThat(one.get(0).accepts(behind, 11)).isTrue();
        assertThat(one.get(0).accepts(ahead, 30)).isFalse();
        assertThat(one.get(0).accepts(ahead, 31)).isTrue();
    }

    @Test
    void shards_that_do_not_exist_are_refused() {
        assertThatThrownBy(() -> new ShardPosition(2, 2, 0, List.of())).hasMessageContaining("Shard 2 of 2");
        assertThatThrownBy(() -> new ShardPosition(0, 257, 0, List.of())).hasMessageContaining("256");
        assertThatThrownBy(() -> new ShardPosition(0, 1, 0, List.of(1L))).hasMessageContaining("1 floors");
    }

    private static AggregateId aggregateIn(int shardOfTwo) {
        return IntStream.range(0, 1_000)
                .mapToObj(i -> AggregateId.of("order", "o" + i))
                .filter(id -> ShardPosition.slotOf(id) % 2 == shardOfTwo)
                .findFirst()
                .orElseThrow();
    }
}
