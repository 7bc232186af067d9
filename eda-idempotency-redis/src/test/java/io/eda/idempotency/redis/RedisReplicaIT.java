package io.eda.idempotency.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eda.idempotency.Claim;
import io.eda.idempotency.IdempotencyKey;
import io.eda.testkit.servers.RealServers;
import io.eda.testkit.servers.RedisServer;
import io.eda.testkit.servers.ServerOptions;
import io.eda.testkit.servers.TcpProxy;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A primary with a replica: what a fail-over keeps, and what it can lose. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(120)
final class RedisReplicaIT {

    private static final Duration LEASE = Duration.ofMinutes(10);
    private static final RedisIdempotencyOptions OPTIONS =
            RedisIdempotencyOptions.defaults().withCommandTimeout(Duration.ofSeconds(10));

    private final RedisServer primary =
            RealServers.dedicatedRedis(ServerOptions.defaults().withSetting("repl-diskless-sync-delay", "0"));
    private final RedisServer replica = RealServers.dedicatedRedis();
    private final TcpProxy replication = TcpProxy.to(primary);

    @BeforeEach
    void replicate() {
        Ask.redis(replica, redis -> redis.replicaof(replication.host(), replication.port()));
        awaitReplica("master_link_status:up");
    }

    @AfterEach
    void close() {
        replication.close();
        replica.close();
        primary.close();
    }

    @Test
    void a_replica_refuses_and_the_error_says_where_to_go() throws Exception {
        try (var store = RedisIdempotencyStore.connect(Ask.uri(replica), OPTIONS)) {
            IdempotencyKey key = Ask.freshKey();

            assertThat(Ask.failure(store.claim(key, "one", LEASE)))
                    .hasMessageContaining("READONLY")
                    .hasMessageContaining("connect to the primary");
        }
    }

    @Test
    void a_primary_that_becomes_a_replica_refuses_until_it_is_one_no_more() throws Exception {
        try (var store = RedisIdempotencyStore.connect(Ask.uri(replica), OPTIONS)) {
            IdempotencyKey key = Ask.freshKey();
            Ask.redis(replica, redis -> redis.replicaofNoOne());
            assertThat(Ask.get(store.claim(key, "one", LEASE))).isInstanceOf(Claim.Granted.class);

            Ask.redis(replica, redis -> redis.replicaof(replication.host(), replication.port()));
            assertThat(Ask.failure(store.complete(key, "one"))).hasMessageContaining("replica");

            Ask.redis(replica, redis -> redis.replicaofNoOne());
            assertThat(Ask.get(store.claim(Ask.freshKey(), "one", LEASE))).isInstanceOf(Claim.Granted.class);
        }
    }

    @Test
    void a_fail_over_keeps_what_reached_the_replica_and_forgets_the_writes_that_did_not() throws Exception {
        IdempotencyKey replicated = Ask.freshKey();
        IdempotencyKey lost = Ask.freshKey();
        try (var store = RedisIdempotencyStore.connect(Ask.uri(primary), OPTIONS)) {
            Ask.get(store.claim(replicated, "one", LEASE));
            Ask.get(store.complete(replicated, "one"));
            await().atMost(Duration.ofSeconds(30))
                    .until(() ->
                            Ask.<Long>redis(replica, redis -> redis.exists("eda:inventory:" + replicated.eventId()))
                                    == 1);

            replication.stall(TcpProxy.Direction.TO_CLIENT);
            Ask.get(store.claim(lost, "one", LEASE));
            assertThat(Ask.get(store.complete(lost, "one"))).isTrue();
        }
        primary.kill();
        replication.refuse();
        Ask.redis(replica, redis -> redis.replicaofNoOne());

        try (var store = RedisIdempotencyStore.connect(Ask.uri(replica), OPTIONS)) {
            assertThat(Ask.get(store.claim(replicated, "two", LEASE))).isEqualTo(new Claim.Completed());
            // Acknowledged, and forgotten: this event is handled a second time. The inbox is for those who cannot have
            // that.
            assertThat(Ask.get(store.claim(lost, "two", LEASE))).isEqualTo(new Claim.Granted("two"));
        }
    }

    private void awaitReplica(String field) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> Ask.<String>redis(replica, redis -> redis.info("replication"))
                        .contains(field));
    }
}
