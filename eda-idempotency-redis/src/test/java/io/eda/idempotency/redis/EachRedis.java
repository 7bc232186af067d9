package io.eda.idempotency.redis;

import io.eda.testkit.servers.RealServers;
import io.eda.testkit.servers.RedisServer;
import io.eda.testkit.servers.ServerOptions;
import io.eda.testkit.servers.ServerOptions.Source;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that run on Redis 7.0 or newer and on Redis 6.2, each with a server and a store of its own. */
@ParameterizedClass
@EnumSource(
        value = Source.class,
        names = {"INSTALLED", "JAR"})
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(120)
abstract class EachRedis {

    static final Duration LEASE = Duration.ofMinutes(10);
    static final RedisIdempotencyOptions PATIENT =
            RedisIdempotencyOptions.defaults().withCommandTimeout(Duration.ofSeconds(30));

    @Parameter
    Source source;

    RedisServer server;
    RedisIdempotencyStore store;

    @BeforeEach
    void open() {
        server = RealServers.dedicatedRedis(ServerOptions.from(source));
        store = RedisIdempotencyStore.connect(Ask.uri(server), PATIENT);
    }

    @AfterEach
    void close() {
        store.close();
        server.close();
    }

    <T> T ask(Function<RedisCommands<String, String>, T> question) {
        return Ask.redis(server, question);
    }
}
