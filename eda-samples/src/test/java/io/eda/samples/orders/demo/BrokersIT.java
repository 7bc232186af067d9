package io.eda.samples.orders.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.eda.samples.orders.OrderSystem;
import io.eda.samples.orders.TestDatabase;
import io.eda.store.postgres.PostgresOptions;
import io.eda.testkit.servers.RealServers;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** The whole order system over real brokers, as the demo wires it. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class BrokersIT {

    @Test
    void the_play_ends_well_over_rabbitmq() throws Exception {
        play(Map.of("EDA_RABBITMQ_URI", RealServers.rabbitMq().uri()), "--bus", "rabbitmq");
    }

    @Test
    void the_play_ends_well_over_kafka_with_redis() throws Exception {
        Map<String, String> servers = Map.of(
                "EDA_KAFKA_BOOTSTRAP", RealServers.kafka().bootstrapServers(),
                "EDA_REDIS_URI", RealServers.redis().uri());
        play(servers, "--bus", "kafka", "--dedupe", "redis");
    }

    @Test
    void a_server_that_nobody_named_is_asked_for_in_one_line() {
        try (Resources resources = new Resources()) {
            Options options = Options.parse(List.of("--bus", "kafka"), Path.of("home"));
            assertThatThrownBy(() -> new DemoMessaging(Map.of(), resources).open(options, "x."))
                    .isInstanceOf(DemoException.class)
                    .hasMessageContaining("EDA_KAFKA_BOOTSTRAP")
                    .hasMessageContaining("dev/servers up");
        }
    }

    private static void play(Map<String, String> servers, String... arguments) throws Exception {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        Options options = Options.parse(List.of(arguments), Path.of("home"));
        try (HikariDataSource database = TestDatabase.open();
                Resources resources = new Resources()) {
            var messaging = new DemoMessaging(servers, resources)
                    .open(options, "play-" + UUID.randomUUID().toString().substring(0, 8) + ".");
            OrderSystem system = resources.add(OrderSystem.start(database, PostgresOptions.defaults(), messaging));
            int status = new Once(system, new PrintStream(written, true, StandardCharsets.UTF_8)).run();
            assertThat(status).as(written.toString(StandardCharsets.UTF_8)).isZero();
        }
    }
}
