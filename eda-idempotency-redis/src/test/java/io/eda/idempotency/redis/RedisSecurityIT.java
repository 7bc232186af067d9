package io.eda.idempotency.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eda.idempotency.Claim;
import io.eda.idempotency.IdempotencyKey;
import io.eda.testkit.servers.RealServers;
import io.eda.testkit.servers.RedisServer;
import io.eda.testkit.servers.SelfSigned;
import io.eda.testkit.servers.ServerOptions;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.lettuce.core.protocol.CommandType;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Users with few rights, and TLS, as the caller's own lettuce objects say. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(120)
final class RedisSecurityIT {

    private static final Duration LEASE = Duration.ofMinutes(10);
    private static final RedisIdempotencyOptions OPTIONS =
            RedisIdempotencyOptions.defaults().withCommandTimeout(Duration.ofSeconds(10));

    @TempDir
    Path folder;

    @Test
    void a_user_with_the_rights_that_are_documented_can_do_everything() throws Exception {
        try (RedisServer server = RealServers.dedicatedRedis()) {
            Ask.redis(server, redis -> redis.aclSetuser("eda", rights().addCommand(CommandType.INFO)));

            try (var store = RedisIdempotencyStore.connect(user(server), OPTIONS)) {
                everyWay(store);
            }
        }
    }

    @Test
    void without_the_right_to_ask_for_the_info_everything_works_on_the_way_that_every_version_knows() throws Exception {
        try (RedisServer server = RealServers.dedicatedRedis()) {
            Ask.redis(server, redis -> redis.aclSetuser("eda", rights()));

            try (var store = RedisIdempotencyStore.connect(user(server), OPTIONS)) {
                everyWay(store);
            }
        }
    }

    @Test
    void a_missing_right_is_told_with_the_rights_that_are_needed() throws Exception {
        try (RedisServer server = RealServers.dedicatedRedis()) {
            Ask.redis(server, redis -> redis.aclSetuser("eda", rights().removeCommand(CommandType.EVALSHA)));

            try (var store = RedisIdempotencyStore.connect(user(server), OPTIONS)) {
                assertThat(Ask.failure(store.complete(Ask.freshKey(), "one")))
                        .hasMessageContaining("evalsha")
                        .hasMessageContaining("+eval +evalsha");
            }
        }
    }

    @Test
    void a_wrong_password_is_told() {
        try (RedisServer server = RealServers.dedicatedRedis()) {
            RedisURI wrong = user(server, "nobody", "wrong");

            assertThatThrownBy(() -> RedisIdempotencyStore.connect(wrong, OPTIONS))
                    .isInstanceOf(RedisIdempotencyException.class)
                    .hasMessageContaining("WRONGPASS");
        }
    }

    @Test
    void it_talks_tls_as_the_callers_client_was_told() throws Exception {
        SelfSigned keys = SelfSigned.in(folder);
        int tlsPort = RealServers.freePort();
        ServerOptions options = ServerOptions.defaults()
                .withSetting("tls-port", Integer.toString(tlsPort))
                .withSetting("tls-cert-file", keys.certificate().toString())
                .withSetting("tls-key-file", keys.key().toString())
                .withSetting("tls-auth-clients", "no");
        try (RedisServer server = RealServers.dedicatedRedis(options);
                RedisClient client = RedisClient.create(RedisURI.builder()
                        .withHost(server.host())
                        .withPort(tlsPort)
                        .withSsl(true)
                        .build())) {
            client.setOptions(ClientOptions.builder()
                    .sslOptions(SslOptions.builder()
                            .jdkSslProvider()
                            .trustManager(keys.certificate().toFile())
                            .build())
                    .build());

            try (var store = RedisIdempotencyStore.open(client, OPTIONS)) {
                everyWay(store);
            }
        }
    }

    private static void everyWay(RedisIdempotencyStore store) throws Exception {
        IdempotencyKey key = Ask.freshKey();
        assertThat(Ask.get(store.claim(key, "one", LEASE))).isEqualTo(new Claim.Granted("one"));
        assertThat(Ask.get(store.claim(key, "two", LEASE))).isInstanceOf(Claim.InProgress.class);
        assertThat(Ask.get(store.renew(key, "one", LEASE))).isTrue();
        assertThat(Ask.get(store.release(key, "one"))).isTrue();
        assertThat(Ask.get(store.claim(key, "two", LEASE))).isEqualTo(new Claim.Granted("two"));
        assertThat(Ask.get(store.complete(key, "two"))).isTrue();
        assertThat(Ask.get(store.claim(key, "one", LEASE))).isEqualTo(new Claim.Completed());
    }

    /** All that the guide asks for, but INFO. */
    private static AclSetuserArgs rights() {
        return AclSetuserArgs.Builder.on()
                .addPassword("secret")
                .keyPattern("eda:*")
                .noCommands()
                .addCommand(CommandType.SET)
                .addCommand(CommandType.GET)
                .addCommand(CommandType.DEL)
                .addCommand(CommandType.PTTL)
                .addCommand(CommandType.PEXPIRE)
                .addCommand(CommandType.EVAL)
                .addCommand(CommandType.EVALSHA)
                // What lettuce itself asks on a new connection.
                .addCommand(CommandType.PING)
                .addCommand(CommandType.CLIENT);
    }

    private static RedisURI user(RedisServer server) {
        return user(server, "eda", "secret");
    }

    private static RedisURI user(RedisServer server, String name, String password) {
        return RedisURI.builder()
                .withHost(server.host())
                .withPort(server.port())
                .withAuthentication(name, password.toCharArray())
                .build();
    }
}
