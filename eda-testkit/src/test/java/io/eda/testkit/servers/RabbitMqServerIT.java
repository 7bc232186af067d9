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
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class RabbitMqServerIT {

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
        RabbitMqServer rabbit = RealServers.rabbitMq();
        String one = rabbit.freshVirtualHost();
        publish(one, "same-name", "only here");
        publish(rabbit.uri(), "same-name", "out there");

        assertThat(take(one, "same-name")).isEqualTo("only here");
        assertThat(take(rabbit.uri(), "same-name")).isEqualTo("out there");
    }

    @Test
    void confirmed_messages_survive_a_stop_and_a_kill_and_a_freeze_is_thawed() throws Exception {
        try (RabbitMqServer rabbit = RealServers.dedicatedRabbitMq()) {
            publish(rabbit.uri(), "durable", "before the stop");
            rabbit.restart();
            publish(rabbit.uri(), "durable", "before the kill");
            rabbit.kill();
            assertThat(rabbit.isRunning()).isFalse();
            rabbit.start();

            assertThat(take(rabbit.uri(), "durable")).isEqualTo("before the stop");
            assertThat(take(rabbit.uri(), "durable")).isEqualTo("before the kill");

            rabbit.freeze();
            assertThatThrownBy(() -> connect(rabbit.uri())).isInstanceOf(TimeoutException.class);
            rabbit.thaw();
            try (Connection connection = connect(rabbit.uri())) {
                assertThat(connection.isOpen()).isTrue();
            }
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
