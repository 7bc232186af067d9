package io.eda.idempotency.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eda.idempotency.Claim;
import io.eda.idempotency.IdempotencyKey;
import io.eda.testkit.servers.RealServers;
import io.eda.testkit.servers.RedisServer;
import io.eda.testkit.servers.ServerOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** A cluster of three nodes. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
final class RedisClusterIT {

    private static final Duration LEASE = Duration.ofMinutes(10);
    private static final int NODES = 3;
    private static final RedisIdempotencyOptions OPTIONS =
            RedisIdempotencyOptions.defaults().withCommandTimeout(Duration.ofSeconds(20));

    private final List<RedisServer> nodes = new ArrayList<>();

    @BeforeAll
    void start() throws IOException {
        for (int i = 0; i < NODES; i++) {
            nodes.add(RealServers.dedicatedRedis(ServerOptions.defaults()
                    .withSetting("cluster-enabled", "yes")
                    // By default 10 000 above the port, which may be no port at all.
                    .withSetting("cluster-port", Integer.toString(RealServers.freePort()))));
        }
        int perNode = SlotHash.SLOT_COUNT / NODES + 1;
        for (int i = 0; i < NODES; i++) {
            int[] slots = IntStream.range(i * perNode, Math.min(SlotHash.SLOT_COUNT, (i + 1) * perNode))
                    .toArray();
            Ask.redis(nodes.get(i), redis -> redis.clusterAddSlots(slots));
        }
        meet();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> nodes.stream().allMatch(node -> Ask.<String>redis(node, redis -> redis.clusterInfo())
                        .contains("cluster_state:ok")));
    }

    @AfterAll
    void stop() {
        nodes.forEach(RedisServer::close);
    }

    @Test
    void thousands_of_claims_in_flight_are_spread_over_the_nodes_and_completed() throws Exception {
        try (RedisClusterClient client = RedisClusterClient.create(Ask.uri(nodes.get(0)));
                var store = RedisIdempotencyStore.open(client, OPTIONS)) {
            List<IdempotencyKey> keys =
                    IntStream.range(0, 3_000).mapToObj(i -> Ask.freshKey()).toList();
            List<CompletableFuture<Claim>> claims =
                    keys.stream().map(key -> store.claim(key, "one", LEASE)).toList();
            assertThat(Ask.getAll(claims)).allMatch(claim -> claim instanceof Claim.Granted);

            List<CompletableFuture<Boolean>> renewals =
                    keys.stream().map(key -> store.renew(key, "one", LEASE)).toList();
            assertThat(Ask.getAll(renewals)).allMatch(held -> held);
            List<CompletableFuture<Boolean>> completions =
                    keys.stream().map(key -> store.complete(key, "one")).toList();
            assertThat(Ask.getAll(completions)).allMatch(held -> held);

            List<CompletableFuture<Claim>> again =
                    keys.stream().map(key -> store.claim(key, "two", LEASE)).toList();
            assertThat(Ask.getAll(again)).allMatch(claim -> claim instanceof Claim.Completed);
        }
        assertThat(nodes).allSatisfy(node -> assertThat(Ask.<Long>redis(node, redis -> redis.dbsize()))
                .isGreaterThan(500));
    }

    @Test
    void each_node_is_taught_the_scripts_when_it_needs_them() throws Exception {
        try (RedisClusterClient client = RedisClusterClient.create(Ask.uri(nodes.get(1)));
                var store = RedisIdempotencyStore.open(client, OPTIONS)) {
            nodes.forEach(node -> Ask.redis(node, redis -> redis.scriptFlush()));
            List<IdempotencyKey> keys =
                    IntStream.range(0, 100).mapToObj(i -> Ask.freshKey()).toList();
            for (IdempotencyKey key : keys) {
                Ask.get(store.claim(key, "one", LEASE));
            }

            List<CompletableFuture<Boolean>> releases =
                    keys.stream().map(key -> store.release(key, "one")).toList();

            assertThat(Ask.getAll(releases)).allMatch(held -> held);
        }
    }

    /** With the bus ports, for which the client's own command has no argument. */
    private void meet() {
        for (RedisServer other : nodes.subList(1, NODES)) {
            String busPort =
                    Ask.redis(other, redis -> redis.configGet("cluster-port").get("cluster-port"));
            var meet = new CommandArgs<>(StringCodec.UTF8)
                    .add("MEET")
                    .add(other.host())
                    .add(other.port())
                    .add(busPort);
            Ask.redis(
                    nodes.get(0),
                    redis -> redis.dispatch(CommandType.CLUSTER, new StatusOutput<>(StringCodec.UTF8), meet));
        }
    }
}
