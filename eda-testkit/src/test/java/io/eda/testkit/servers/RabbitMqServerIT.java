package io.eda.testkit.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class RabbitMqServerIT {

    private static RabbitMqServer dedicated;

    @BeforeAll
    static void start() {
        dedicated = RealServers.dedicatedRabbitMq();
    }

    @AfterAll
    static void close() {
        dedicated.close();
    }

    @Test
    void the_shared_server_takes_a_message_and_gives_it_back() throws Exception {
        RabbitMqServer rabbit = RealServers.rabbitMq();
        String queue = rabbit.freshPrefix() + "queue";

        publish(rabbit.uri(), queue, "hello");

        assertThat(take(rabbit.uri(), queue)).isEqualTo("hello");
    }

    @Test
    void the_consistent_hash_exchange_is_there() throws Exception {
        RabbitMqServer rabbit = RealServers.rabbitMq();
        try (Connection connection = connect(rabbit.uri());
                Channel channel = connection.createChannel()) {
            channel.exchangeDeclare(rabbit.freshPrefix() + "hash", "x-consistent-hash", false, true, Map.of());
            assertThat(channel.isOpen()).isTrue();
        }
    }

    @Test
    void names_in_a_fresh_virtual_host_are_nobody_elses() throws Exception {
        RabbitMqServer rabbit = dedicated;
        String one = rabbit.freshVirtualHost();
        publish(one, "same-name", "only here");
        publish(rabbit.uri(), "same-name", "out there");

        assertThat(take(one, "same-name")).isEqualTo("only here");
        assertThat(take(rabbit.uri(), "same-name")).isEqualTo("out there");
    }

    @Test
    void confirmed_messages_survive_a_stop_and_a_kill() throws Exception {
        String queue = dedicated.freshPrefix() + "durable";
        publish(dedicated.uri(), queue, "before the stop");
        dedicated.restart();
        publish(dedicated.uri(), queue, "before the kill");
        dedicated.kill();
        assertThat(dedicated.isRunning()).isFalse();
        dedicated.start();

        assertThat(take(dedicated.uri(), queue)).isEqualTo("before the stop");
        assertThat(take(dedicated.uri(), queue)).isEqualTo("before the kill");
    }

    @Test
    void a_frozen_server_lets_a_connection_time_out_and_takes_it_after_the_thaw() throws Exception {
        dedicated.freeze();
        assertThatThrownBy(() -> connect(dedicated.uri())).isInstanceOf(TimeoutException.class);
        dedicated.thaw();
        try (Connection connection = connect(dedicated.uri())) {
            assertThat(connection.isOpen()).isTrue();
        }
    }

    private static void publish(String uri, String queue, String text) throws Exception {
        try (Connection connection = connect(uri);
                Channel channel = connection.createChannel()) {
            channel.queueDeclare(queue, true, false, false, Map.of("x-queue-type", "quorum"));
            channel.confirmSelect();
            channel.basicPublish("", queue, MessageProperties.PERSISTENT_BASIC, text.getBytes(StandardCharsets.UTF_8));
            channel.waitForConfirmsOrDie(Duration.ofSeconds(10).toMillis());
        }
    }

    private static String take(String uri, String queue) throws Exception {
        try (Connection connection = connect(uri);
                Channel channel = connection.createChannel()) {
            return new String(channel.basicGet(queue, true).getBody(), StandardCharsets.UTF_8);
        }
    }

    private static Connection connect(String uri) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(uri);
        factory.setAutomaticRecoveryEnabled(false);
        factory.setHandshakeTimeout(2_000);
        factory.setConnectionTimeout(2_000);
        return factory.newConnection();
    }
}
