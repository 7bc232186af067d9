package io.eda.idempotency.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eda.idempotency.Claim;
import io.eda.idempotency.IdempotencyKey;
import io.eda.testkit.servers.RealServers;
import io.eda.testkit.servers.RedisServer;
import io.eda.testkit.servers.TcpProxy;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The server and the network fail in every way that a test can bring about. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(120)
final class RedisFaultsIT {

    private static final Duration LEASE = Duration.ofMinutes(10);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final RedisIdempotencyOptions IMPATIENT =
            RedisIdempotencyOptions.defaults().withCommandTimeout(Duration.ofMillis(500));

    private final RedisServer server = RealServers.dedicatedRedis();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void a_server_that_is_not_there_at_the_start_is_told() {
        server.kill();

        assertThatThrownBy(() -> RedisIdempotencyStore.connect(Ask.uri(server), IMPATIENT))
                .isInstanceOf(RedisIdempotencyException.class)
                .hasMessageContaining("Connecting to Redis")
                .hasMessageContaining("up and reachable");
    }

    @Test
    void while_the_server_is_down_requests_fail_in_time_and_what_it_knew_is_there_after_a_kill() throws Exception {
        try (var store = RedisIdempotencyStore.connect(Ask.uri(server), IMPATIENT)) {
            IdempotencyKey handled = Ask.freshKey();
            IdempotencyKey underWay = Ask.freshKey();
            Ask.get(store.claim(handled, "one", LEASE));
            Ask.get(store.complete(handled, "one"));
            Ask.get(store.claim(underWay, "one", LEASE));
            server.kill();

            assertThat(Ask.failure(store.claim(Ask.freshKey(), "one", LEASE))).hasMessageContaining("same token");
            assertThat(Ask.failure(store.complete(underWay, "one"))).hasMessageContaining("same token");
            server.start();

            assertThat(untilAnswered(() -> store.claim(handled, "two", LEASE))).isEqualTo(new Claim.Completed());
            assertThat(untilAnswered(() -> store.claim(underWay, "two", LEASE))).isInstanceOf(Claim.InProgress.class);
            assertThat(untilAnswered(() -> store.complete(underWay, "one"))).isTrue();
        }
    }

    @Test
    void a_frozen_server_costs_each_request_its_timeout_and_no_more_and_all_is_well_after_the_thaw() throws Exception {
        try (var store = RedisIdempotencyStore.connect(Ask.uri(server), IMPATIENT)) {
            IdempotencyKey key = Ask.freshKey();
            server.freeze();
            for (int i = 0; i < 3; i++) {
                assertThat(Ask.failure(store.claim(key, "one", LEASE)))
                        .hasMessageContaining("not answered within 500 ms")
                        .hasMessageContaining(key.eventId().toString());
            }
            server.thaw();

            assertThat(untilAnswered(() -> store.claim(key, "one", LEASE))).isEqualTo(new Claim.Granted("one"));
        }
    }

    @Test
    void a_claim_whose_answer_was_lost_is_its_owners_when_it_is_asked_again_with_the_same_token() throws Exception {
        try (TcpProxy proxy = TcpProxy.to(server);
                var store = RedisIdempotencyStore.connect(uri(proxy), IMPATIENT)) {
            IdempotencyKey key = Ask.freshKey();
            proxy.stall(TcpProxy.Direction.TO_CLIENT);
            assertThat(Ask.failure(store.claim(key, "one", LEASE))).hasMessageContaining("unknown");
            assertThat(Ask.<String>redis(server, redis -> redis.get("eda:inventory:" + key.eventId())))
                    .isEqualTo("Pone");
            proxy.cut();
            proxy.restore();

            assertThat(untilAnswered(() -> store.claim(key, "two", LEASE))).isInstanceOf(Claim.InProgress.class);
            assertThat(untilAnswered(() -> store.claim(key, "one", LEASE))).isEqualTo(new Claim.Granted("one"));

            proxy.stall(TcpProxy.Direction.TO_CLIENT);
            assertThat(Ask.failure(store.complete(key, "one"))).hasMessageContaining("unknown");
            proxy.cut();
            proxy.restore();
            assertThat(untilAnswered(() -> store.complete(key, "one"))).isTrue();
            assertThat(untilAnswered(() -> store.complete(key, "two"))).isFalse();
        }
    }

    @Test
    void over_a_connection_that_is_cut_again_and_again_every_event_has_one_owner_who_completes_it() throws Exception {
        try (TcpProxy proxy = TcpProxy.to(server);
                var store = RedisIdempotencyStore.connect(uri(proxy), IMPATIENT)) {
            List<IdempotencyKey> keys = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                List<CompletableFuture<Claim>> claims = new ArrayList<>();
                List<IdempotencyKey> batch = new ArrayList<>();
                for (int j = 0; j < 200; j++) {
                    batch.add(Ask.freshKey());
                    claims.add(store.claim(batch.get(j), "owner", LEASE));
                    if (j == 20 * i) {
                        proxy.cut();
                    }
                }
                for (int j = 0; j < batch.size(); j++) {
                    IdempotencyKey key = batch.get(j);
                    CompletableFuture<Claim> first = claims.get(j);
                    Claim claim = answeredOr(first, () -> store.claim(key, "owner", LEASE));
                    assertThat(claim).isEqualTo(new Claim.Granted("owner"));
                }
                keys.addAll(batch);
            }
            proxy.cut();
            List<CompletableFuture<Boolean>> completions =
                    keys.stream().map(key -> store.complete(key, "owner")).toList();
            for (int i = 0; i < keys.size(); i++) {
                IdempotencyKey key = keys.get(i);
                assertThat(answeredOr(completions.get(i), () -> store.complete(key, "owner")))
                        .isTrue();
            }
        }
    }

    @Test
    void a_server_out_of_memory_refuses_new_claims_and_still_takes_completions() throws Exception {
        try (var store = RedisIdempotencyStore.connect(Ask.uri(server), IMPATIENT)) {
            IdempotencyKey underWay = Ask.freshKey();
            Ask.get(store.claim(underWay, "one", LEASE));
            Ask.redis(server, redis -> redis.configSet("maxmemory", "1"));

            assertThat(Ask.failure(store.claim(Ask.freshKey(), "one", LEASE)))
                    .hasMessageContaining("OOM")
                    .hasMessageContaining("raise maxmemory");
            assertThat(Ask.get(store.renew(underWay, "one", LEASE))).isTrue();
            assertThat(Ask.get(store.complete(underWay, "one"))).isTrue();
            Ask.redis(server, redis -> redis.configSet("maxmemory", "0"));
            assertThat(Ask.get(store.claim(underWay, "two", LEASE))).isEqualTo(new Claim.Completed());
            assertThat(Ask.get(store.claim(Ask.freshKey(), "one", LEASE))).isInstanceOf(Claim.Granted.class);
        }
    }

    @Test
    void closing_fails_what_is_under_way_and_leaves_the_callers_client_alone() throws Exception {
        try (RedisClient client = RedisClient.create(Ask.uri(server))) {
            var store = RedisIdempotencyStore.open(client, IMPATIENT);
            server.freeze();
            CompletableFuture<Claim> underWay = store.claim(Ask.freshKey(), "one", LEASE);
            store.close();
            store.close();
            assertThat(Ask.failure(underWay)).isNotNull();
            assertThat(Ask.failure(store.claim(Ask.freshKey(), "one", LEASE))).isNotNull();
            server.thaw();

            try (StatefulRedisConnection<String, String> connection = client.connect()) {
                assertThat(connection.sync().ping()).isEqualTo("PONG");
            }
        }
    }

    @Test
    void a_store_whose_client_was_closed_under_it_fails_and_does_not_hang() throws Exception {
        RedisClient client = RedisClient.create(Ask.uri(server));
        var store = RedisIdempotencyStore.open(client, IMPATIENT);
        client.close();

        assertThat(Ask.failure(store.claim(Ask.freshKey(), "one", LEASE))).isNotNull();
        assertThat(Ask.failure(store.release(Ask.freshKey(), "one"))).isNotNull();
        store.close();
    }

    private static RedisURI uri(TcpProxy proxy) {
        return RedisURI.create(proxy.host(), proxy.port());
    }

    /** What a caller does about an unknown outcome: it asks again, with the same token. */
    private static <T> T untilAnswered(Supplier<CompletableFuture<T>> request) throws Exception {
        return answeredOr(request.get(), request);
    }

    private static <T> T answeredOr(CompletableFuture<T> first, Supplier<CompletableFuture<T>> again) throws Exception {
        long start = System.nanoTime();
        CompletableFuture<T> request = first;
        while (true) {
            try {
                return Ask.get(request);
            } catch (ExecutionException e) {
                // From the cut until the client has connected again, each is refused at once.
                if (System.nanoTime() - start > PATIENCE.toNanos()) {
                    throw e;
                }
                request = again.get();
            }
        }
    }
}
