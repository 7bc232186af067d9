package io.eda.broker.rabbitmq;

import static io.eda.broker.rabbitmq.Inbox.message;
import static io.eda.broker.rabbitmq.Inbox.messages;
import static org.assertj.core.api.Assertions.assertThat;

import io.eda.testkit.servers.TcpProxy;
import io.eda.transport.Message;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Options of which the broker knows: what is chosen is what it sees. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(120)
final class OptionsIT {

    private final RabbitMqOptions options = TestRabbit.options();
    private final String queue = new Names(options.topology().exchange()).queue("mail");

    @Test
    void acknowledgements_wait_for_as_many_as_were_chosen() throws Exception {
        try (TcpProxy proxy = TcpProxy.to(TestRabbit.server());
                var transport = RabbitMqTransport.connect(
                        TestRabbit.through(proxy, options).withAcks(10, Duration.ofHours(1)))) {
            Inbox inbox = Inbox.acking();
            inbox.joins(transport, "mail");
            Inbox.publish(transport, messages("a", 9));
            inbox.awaitCount(9);
            proxy.cut();

            // None was told to the broker.
            inbox.awaitCount(18);
            Inbox.patiently().until(() -> TestRabbit.depth(queue) == 9);
            Inbox.publishStubbornly(transport, List.of(message("a", 10)));

            Inbox.patiently().until(() -> TestRabbit.depth(queue) == 0);
        }
    }

    @Test
    void acknowledgements_wait_no_longer_than_was_chosen() throws Exception {
        try (var transport = RabbitMqTransport.connect(options.withAcks(10_000, Duration.ofMillis(50)))) {
            Inbox inbox = Inbox.acking();
            inbox.joins(transport, "mail");
            Inbox.publish(transport, messages("a", 3));

            Inbox.patiently().until(() -> TestRabbit.depth(queue) == 0);
            assertThat(inbox.ids()).hasSize(3);
        }
    }

    @Test
    void as_many_channels_publish_as_were_chosen() throws Exception {
        var five = options.withPublishing(RabbitMqPublishing.defaults().withChannels(5));
        try (var transport = RabbitMqTransport.connect(five)) {
            Inbox.acking().joins(transport, "mail");
            List<Message> keys =
                    IntStream.range(0, 200).mapToObj(i -> message("k" + i, i)).toList();

            Inbox.publish(transport, keys);

            Inbox.patiently().until(() -> publishingChannels() == 5);
        }
    }

    @Test
    void after_as_many_deliveries_as_were_chosen_the_broker_gives_up() throws Exception {
        var twice = options.withTopology(options.topology().withDeliveryLimit(2));
        try (var transport = RabbitMqTransport.connect(twice)) {
            Inbox inbox = Inbox.reacting(delivery -> delivery.retryLater(Duration.ofMillis(1)));
            inbox.joins(transport, "mail");
            Inbox.publish(transport, message("a", 1));

            Inbox.patiently()
                    .until(() -> !transport.deadLetters("mail").read(10).isEmpty());

            assertThat(transport.deadLetters("mail").read(10))
                    .extracting(Message::id)
                    .containsExactly("a-1");
            // The first, and two more.
            assertThat(inbox.ids()).containsExactly("a-1", "a-1", "a-1");
        }
    }

    /** Of this transport, and for some time of those that were closed before it. */
    private static long publishingChannels() {
        return TestRabbit.server()
                .rabbitmqctl("list_channels", "confirm")
                .lines()
                .filter(line -> line.strip().equals("true"))
                .count();
    }
}
