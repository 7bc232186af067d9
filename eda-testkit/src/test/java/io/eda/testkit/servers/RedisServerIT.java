package io.eda.testkit.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eda.testkit.servers.ServerOptions.Source;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class RedisServerIT {

    @Test
    void the_shared_server_answers_and_its_fresh_prefixes_differ() {
        RedisServer redis = RealServers.redis();
        String prefix = redis.freshKeyPrefix();

        set(redis, prefix + "key", "value");

        assertThat(get(redis, prefix + "key")).isEqualTo("value");
        assertThat(redis.freshKeyPrefix()).isNotEqualTo(prefix);
    }

    @ParameterizedTest
    @EnumSource(
            value = Source.class,
            names = {"INSTALLED", "JAR"})
    void confirmed_writes_survive_a_stop_and_a_kill(Source source) {
        try (RedisServer redis = RealServers.dedicatedRedis(ServerOptions.from(source))) {
            set(redis, "stop", "before the stop");
            redis.restart();
            set(redis, "kill", "before the kill");
            redis.kill();
            assertThat(redis.isRunning()).isFalse();
            redis.start();

            assertThat(get(redis, "stop")).isEqualTo("before the stop");
            assertThat(get(redis, "kill")).isEqualTo("before the kill");
        }
    }

    @Test
    void a_frozen_server_lets_a_call_time_out_and_answers_after_the_thaw() {
        try (RedisServer redis = RealServers.dedicatedRedis();
                RedisClient client = RedisClient.create(redis.uri());
                StatefulRedisConnection<String, String> connection = client.connect()) {
            redis.freeze();
            connection.setTimeout(Duration.ofMillis(300));
            assertThatThrownBy(() -> connection.sync().ping()).isInstanceOf(RedisCommandTimeoutException.class);
            redis.thaw();
            connection.setTimeout(Duration.ofSeconds(10));
            assertThat(connection.sync().ping()).isEqualTo("PONG");
        }
    }

    private static void set(RedisServer redis, String key, String value) {
        try (RedisClient client = RedisClient.create(redis.uri());
                StatefulRedisConnection<String, String> connection = client.connect()) {
            connection.sync().set(key, value);
        }
    }

    private static String get(RedisServer redis, String key) {
        try (RedisClient client = RedisClient.create(redis.uri());
                StatefulRedisConnection<String, String> connection = client.connect()) {
            return connection.sync().get(key);
        }
    }
}
