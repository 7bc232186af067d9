package io.eda.idempotency.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eda.idempotency.Claim;
import io.eda.idempotency.IdempotencyKey;
import io.eda.testkit.servers.RealServers;
import io.eda.testkit.servers.RedisServer;
import io.eda.testkit.servers.ServerOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.sentinel.api.StatefulRedisSentinelConnection;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A primary and a replica under a Sentinel, which makes the one the other when it is killed. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(180)
final class RedisSentinelIT {

    private static final Duration LEASE = Duration.ofMinutes(10);
    private static final ServerOptions AT_ONCE =
            ServerOptions.from(ServerOptions.Source.INSTALLED).withSetting("repl-diskless-sync-delay", "0");

    private final RedisServer primary = RealServers.dedicatedRedis(AT_ONCE);
    private final RedisServer replica = RealServers.dedicatedRedis(AT_ONCE);

    @TempDir
    Path folder;

    private Process sentinel;
    private RedisURI uri;

    @BeforeEach
    void watch() throws Exception {
        Ask.redis(replica, redis -> redis.replicaof(primary.host(), primary.port()));
        await().atMost(Duration.ofSeconds(60))
                .until(() -> Ask.<String>redis(replica, redis -> redis.info("replication"))
                        .contains("master_link_status:up"));
        int port = RealServers.freePort();
        Path configuration = folder.resolve("sentinel.conf");
        Files.writeString(
                configuration,
                """
                port %d
                bind 127.0.0.1
                dir %s
                sentinel monitor events %s %d 1
                sentinel down-after-milliseconds events 1000
                sentinel failover-timeout events 5000
                """
                        .formatted(port, folder, primary.host(), primary.port()));
        // timeout ends it even when this JVM is killed.
        sentinel = new ProcessBuilder("timeout", "300", "redis-server", configuration.toString(), "--sentinel")
                .redirectOutput(folder.resolve("sentinel.log").toFile())
                .redirectErrorStream(true)
                .start();
        uri = RedisURI.Builder.sentinel("127.0.0.1", port, "events").build();
        await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> replicasKnown() == 1);
    }

    @AfterEach
    void end() throws Exception {
        sentinel.destroy();
        sentinel.waitFor();
        replica.close();
        primary.close();
    }

    @Test
    void the_store_follows_a_fail_over_and_knows_what_reached_the_replica() throws Exception {
        RedisIdempotencyOptions options = RedisIdempotencyOptions.defaults().withCommandTimeout(Duration.ofSeconds(1));
        try (var store = RedisIdempotencyStore.connect(uri, options)) {
            IdempotencyKey handled = Ask.freshKey();
            Ask.get(store.claim(handled, "one", LEASE));
            Ask.get(store.complete(handled, "one"));
            await().atMost(Duration.ofSeconds(30))
                    .until(() ->
                            Ask.<Long>redis(replica, redis -> redis.exists("eda:inventory:" + handled.eventId())) == 1);

            primary.kill();

            IdempotencyKey next = Ask.freshKey();
            await().atMost(Duration.ofMinutes(2))
                    .ignoreExceptionsMatching(e -> e instanceof ExecutionException)
                    .until(() -> Ask.get(store.claim(next, "one", LEASE)).equals(new Claim.Granted("one")));
            assertThat(Ask.get(store.claim(handled, "two", LEASE))).isEqualTo(new Claim.Completed());
            assertThat(Ask.<Long>redis(replica, redis -> redis.exists("eda:inventory:" + next.eventId())))
                    .isEqualTo(1);
        }
    }

    private int replicasKnown() {
        try (RedisClient client = RedisClient.create(uri);
                StatefulRedisSentinelConnection<String, String> connection = client.connectSentinel()) {
            SocketAddress known = connection.sync().getMasterAddrByName("events");
            return known == null ? 0 : connection.sync().replicas("events").size();
        }
    }
}
