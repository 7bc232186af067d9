package io.eda.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.eda.Accounts;
import io.eda.Accounts.Deposited;
import io.eda.inmemory.InMemoryCheckpointStore;
import io.eda.inmemory.InMemoryEventStorage;
import io.eda.serialization.JacksonEventSerializer;
import io.eda.store.EventStore;
import io.eda.store.ExpectedVersion;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several runners of one name over one checkpoint store: what nodes are to each other. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class ManyNodesTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final EventStore store =
            new EventStore(new InMemoryEventStorage(), new JacksonEventSerializer(Accounts.TYPES));
    private final Map<String, Long> balances = new ConcurrentHashMap<>();
    private final InMemoryCheckpointStore<Map<String, Long>> checkpoints = new InMemoryCheckpointStore<>(balances);
    private final Projection<Map<String, Long>> projection = Projection.<Map<String, Long>>named("balances")
            .on(
                    Deposited.class,
                    (event, read) ->
                            read.merge(event.aggregateId().id(), event.data().cents(), Long::sum))
            .clearedBy(Map::clear)
            .build();

    @Test
    void exactly_one_node_runs_a_projection_and_another_takes_over_when_it_is_closed() throws Exception {
        try (var first = node(1)) {
            await().atMost(SOON).until(() -> first.shardsHere() == 1);
            try (var second = node(1)) {
                long position = deposit(20);
                second.awaitPosition(position, SOON);
                assertThat(first.shardsHere()).isEqualTo(1);
                assertThat(second.shardsHere()).isZero();
                first.close();
                second.awaitPosition(deposit(20), SOON);
                assertThat(second.shardsHere()).isEqualTo(1);
            }
        }
        assertThat(balances.values()).containsOnly(2L);
    }

    @Test
    void nodes_share_the_shards_and_take_those_of_a_closed_one() throws Exception {
        try (var first = node(4)) {
            await().atMost(SOON).until(() -> first.shardsHere() == 4);
            try (var second = node(4)) {
                await().atMost(SOON).until(() -> first.shardsHere() == 2 && second.shardsHere() == 2);
                long position = deposit(50);
                first.awaitPosition(position, SOON);
                second.awaitPosition(position, SOON);
            }
            await().atMost(SOON).until(() -> first.shardsHere() == 4);
            first.awaitPosition(deposit(50), SOON);
        }
        assertThat(balances.values()).hasSize(50).containsOnly(2L);
    }

    @Test
    void a_reset_on_a_node_that_does_not_run_it_is_noticed_although_nothing_happens() throws Exception {
        try (var first = node(1)) {
            first.awaitPosition(deposit(20), SOON);
            try (var second = node(1)) {
                assertThat(second.shardsHere()).isZero();
                balances.put("nobody", 666L);
                second.reset();
                await().atMost(SOON).untilAsserted(() -> assertThat(balances)
                        .hasSize(20)
                        .doesNotContainKey("nobody")
                        .allSatisfy((id, cents) -> assertThat(cents).isEqualTo(1L)));
            }
        }
    }

    @Test
    void the_number_of_shards_may_change_while_events_come() throws Exception {
        long position = 0;
        for (int shards : new int[] {1, 5, 2, 3}) {
            position = deposit(30);
            try (var node = node(shards)) {
                await().atMost(SOON).until(() -> node.shardsHere() == shards);
                deposit(30);
                // Closed in the middle: the shards stand at different positions when they are cut anew.
            }
        }
        try (var node = node(4)) {
            position = deposit(30);
            node.awaitPosition(position, SOON);
        }
        assertThat(balances.values()).hasSize(30).containsOnly(9L);
    }

    @Test
    void the_node_that_started_last_decides_about_the_number_of_shards() throws Exception {
        try (var first = node(1)) {
            await().atMost(SOON).until(() -> first.shardsHere() == 1);
            try (var second = node(3)) {
                await().atMost(SOON).until(() -> first.shardsHere() + second.shardsHere() == 3);
                long position = deposit(30);
                first.awaitPosition(position, SOON);
                second.awaitPosition(position, SOON);
            }
        }
        assertThat(balances.values()).hasSize(30).containsOnly(1L);
    }

    @Test
    void a_position_can_be_waited_for_without_a_thread() throws Exception {
        try (var node = node(1)) {
            long position = deposit(1);
            node.whenPosition(position, SOON).toCompletableFuture().join();
            assertThat(balances).containsEntry("a0", 1L);
            assertThatThrownBy(() -> node.whenPosition(position + 1, Duration.ofMillis(20))
                            .toCompletableFuture()
                            .join())
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(PositionNotReachedException.class)
                    .hasMessageContaining("position " + (position + 1));
            assertThat(node.ask(() -> balances.get("a0"), position, SOON)).isEqualTo(1);
        }
    }

    @Test
    void unwanted_events_move_the_position_that_other_nodes_see() throws Exception {
        try (var running = node(1)) {
            await().atMost(SOON).until(() -> running.shardsHere() == 1);
            try (var waiting = node(1)) {
                long position = store.append(
                                Accounts.ACCOUNT.id("bob"), ExpectedVersion.any(), List.of(new Accounts.Opened("Bob")))
                        .lastPosition();
                waiting.awaitPosition(position, SOON);
                assertThat(waiting.shardsHere()).isZero();
            }
        }
    }

    private ProjectionRunner<Map<String, Long>> node(int shards) {
        return ProjectionRunner.of(
                        projection,
                        store,
                        checkpoints,
                        FollowOptions.defaults().withShards(shards).withPageSize(7))
                .start();
    }

    /** Deposits one cent into each of {@code accounts} accounts, and returns the last position. */
    private long deposit(int accounts) {
        return IntStream.range(0, accounts)
                .mapToLong(i -> store.append(
                                Accounts.ACCOUNT.id("a" + i), ExpectedVersion.any(), List.of(new Deposited(1)))
                        .lastPosition())
                .max()
                .orElseThrow();
    }
}
