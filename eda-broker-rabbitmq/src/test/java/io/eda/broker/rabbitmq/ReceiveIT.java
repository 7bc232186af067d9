package io.eda.broker.rabbitmq;

import static io.eda.broker.rabbitmq.Inbox.ids;
import static io.eda.broker.rabbitmq.Inbox.message;
import static io.eda.broker.rabbitmq.Inbox.messages;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.rabbitmq.client.Connection;
import io.eda.testkit.servers.TcpProxy;
import io.eda.transport.DeadLetterQueue;
import io.eda.transport.Message;
import io.eda.transport.Receiver;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(120)
final class ReceiveIT {

    private final RabbitMqOptions options = TestRabbit.options();
    private final Names names = new Names(options.topology().exchange());

    @Test
    void a_channel_that_dies_alone_is_replaced_and_its_delivery_comes_again() throws Exception {
        // The broker closes a channel on which a delivery stays unsettled for too long; the connection lives on.
        TestRabbit.eval("application:set_env(rabbit, consumer_timeout, 500),"
                + " application:set_env(rabbit, channel_tick_interval, 100).");
        try (var transport = RabbitMqTransport.connect(options)) {
            Inbox inbox = Inbox.reacting(delivery -> {
                if (delivery.attempt() > 1) {
                    delivery.ack();
                }
            });
            Receiver receiver = inbox.joins(transport, "mail");
            Inbox.publish(transport, message("a", 1));

            inbox.awaitCount(2);

            assertThat(inbox.ids()).containsExactly("a-1", "a-1");
            inbox.all().get(0).reject();
            Inbox.patiently().until(() -> receiver.status().isReceiving());
            Inbox.publish(transport, message("a", 2));
            inbox.awaitIds(List.of("a-2"));
            assertThat(transport.deadLetters("mail").read(10)).isEmpty();
        } finally {
            TestRabbit.eval("application:set_env(rabbit, consumer_timeout, 1800000),"
                    + " application:set_env(rabbit, channel_tick_interval, 60000).");
        }
    }

    @Test
    void a_queue_that_is_deleted_under_its_consumer_is_declared_anew() throws Exception {
        try (var transport = RabbitMqTransport.connect(options);
                Connection admin = TestRabbit.admin()) {
            Inbox inbox = Inbox.acking();
            Receiver receiver = inbox.joins(transport, "mail");
            admin.createChannel().queueDelete(names.queue("mail"));

            Inbox.patiently().until(() -> {
                Inbox.publishStubbornly(transport, List.of(message("a", 1)));
                return inbox.ids().contains("a-1");
            });
            assertThat(receiver.status().isReceiving()).isTrue();
        }
    }

    @Test
    void a_failed_message_stays_before_the_later_ones_that_were_fetched_with_it() throws Exception {
        try (var transport = RabbitMqTransport.connect(options)) {
            Inbox inbox = Inbox.reacting(delivery -> {
                if (delivery.attempt() < 3) {
                    delivery.retryLater(Duration.ofMillis(20));
                } else {
                    delivery.ack();
                }
            });
            inbox.joins(transport, "mail");

            Inbox.publish(transport, messages("a", 20));

            inbox.awaitCount(60);
            assertThat(inbox.ids())
                    .isEqualTo(
                            IntStream.range(0, 60).mapToObj(i -> "a-" + i / 3).toList());
        }
    }

    @Test
    void attempts_are_counted_over_members_and_kills_of_the_server() throws Exception {
        try (var transport = RabbitMqTransport.connect(options)) {
            Inbox first = Inbox.reacting(delivery -> delivery.retryLater(Duration.ofMillis(10)));
            try (Receiver receiver = first.joins(transport, "mail")) {
                Inbox.publish(transport, message("a", 1));
                first.awaitCount(4);
            }
            int seen = first.all().get(first.all().size() - 1).attempt();
            RabbitFaults.kill();

            Inbox second = Inbox.acking();
            second.joins(transport, "mail");
            second.awaitCount(1);

            assertThat(second.all().get(0).attempt()).isGreaterThanOrEqualTo(seen);
        }
    }

    @Test
    void what_was_acknowledged_out_of_order_stays_done_and_the_rest_comes_again() throws Exception {
        try (var transport = RabbitMqTransport.connect(options)) {
            Inbox inbox = Inbox.holding();
            List<Message> all =
                    IntStream.range(0, 50).mapToObj(i -> message("k" + i, i)).toList();
            try (Receiver receiver = inbox.joins(transport, "mail")) {
                Inbox.publish(transport, all);
                inbox.awaitCount(50);
                for (int i = 0; i < 50; i++) {
                    if (i % 7 != 3) {
                        inbox.all().get(i).ack();
                    }
                }
                Inbox.patiently().until(() -> TestRabbit.depth(names.queue("mail")) == 7);
            }

            Inbox again = Inbox.acking();
            again.joins(transport, "mail");
            again.awaitCount(7);

            assertThat(again.ids())
                    .isEqualTo(IntStream.range(0, 50)
                            .filter(i -> i % 7 == 3)
                            .mapToObj(i -> inbox.ids().get(i))
                            .toList());
        }
    }

    @Test
    void a_type_that_somebody_else_has_bound_goes_to_the_dead_letters_and_is_not_lost() throws Exception {
        try (var transport = RabbitMqTransport.connect(options);
                Connection admin = TestRabbit.admin()) {
            Inbox inbox = Inbox.acking();
            inbox.joins(transport, "mail");
            admin.createChannel()
                    .queueBind(names.queue("mail"), options.topology().exchange(), "payment.*");

            Inbox.publish(
                    transport,
                    List.of(
                            new Message("p", "payment", "payment.made", "p", Map.of(), new byte[] {1}),
                            message("a", 1)));

            inbox.awaitIds(List.of("a-1"));
            Inbox.patiently().until(() -> transport.deadLetters("mail").read(10).size() == 1);
            assertThat(transport.deadLetters("mail").read(10).get(0).id()).isEqualTo("p");
            assertThat(inbox.ids()).containsExactly("a-1");
        }
    }

    @Test
    void a_broker_that_is_not_there_yet_is_waited_for() throws Exception {
        try (TcpProxy proxy = TcpProxy.to(TestRabbit.server())) {
            proxy.refuse();
            try (var transport = RabbitMqTransport.connect(TestRabbit.through(proxy, options))) {
                Inbox inbox = Inbox.acking();
                Receiver receiver = transport.receive(Inbox.request("mail", 10), inbox);
                assertThat(receiver.status().isReceiving()).isFalse();
                assertThat(receiver.status().failure()).isPresent();
                proxy.restore();

                Inbox.patiently().until(() -> receiver.status().isReceiving());
                Inbox.publish(transport, messages("a", 3));
                inbox.awaitIds(ids(messages("a", 3)));
                assertThat(receiver.status().failure()).isEmpty();
            }
        }
    }

    @Test
    void a_receiver_that_fails_to_take_its_deliveries_gets_them_again() throws Exception {
        try (var transport = RabbitMqTransport.connect(options)) {
            Inbox inbox = Inbox.reacting(delivery -> {
                if (delivery.attempt() == 1) {
                    throw new IllegalStateException("a bug");
                }
                delivery.ack();
            });
            inbox.joins(transport, "mail");
            Inbox.publish(transport, message("a", 1));
            inbox.awaitCount(2);
            assertThat(inbox.all().get(1).attempt()).isEqualTo(2);
        }
    }

    @Test
    void the_lag_is_told() throws Exception {
        try (var transport = RabbitMqTransport.connect(options)) {
            Receiver receiver = Inbox.holding().joins(transport, Inbox.request("mail", 1));
            Inbox.publish(transport, messages("a", 11));
            Inbox.patiently().until(() -> receiver.status().lag().orElse(-1) == 10);
        }
    }

    @Test
    void what_a_handler_publishes_and_waits_for_is_confirmed() throws Exception {
        try (var transport = RabbitMqTransport.connect(options)) {
            Inbox answers = Inbox.reacting(delivery -> {
                if (delivery.message().key().equals("question")) {
                    transport.publish(List.of(message("answer", 1))).get(0).join();
                }
                delivery.ack();
            });
            answers.joins(transport, "mail");
            Inbox.publish(transport, message("question", 1));
            answers.awaitIds(List.of("question-1", "answer-1"));
        }
    }

    @Test
    void dead_letters_that_could_not_be_looked_at_in_time_are_not_said_to_be_missing() throws Exception {
        try (TcpProxy proxy = TcpProxy.to(TestRabbit.server());
                var writing = RabbitMqTransport.connect(options);
                var looking = RabbitMqTransport.connect(TestRabbit.through(proxy, options)
                        .withDeadlines(Duration.ofSeconds(2), Duration.ofSeconds(2)))) {
            for (int i = 0; i < 50; i++) {
                writing.deadLetters("mail")
                        .add(message("a", i, new byte[8 << 10]))
                        .get(60, TimeUnit.SECONDS);
            }
            var letters = looking.deadLetters("mail");

            Inbox.patiently().untilAsserted(() -> assertThat(slowly(proxy, letters, () -> letters.remove("a-49")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("were not all looked at"));
            Inbox.patiently().untilAsserted(() -> assertThat(slowly(proxy, letters, () -> letters.read(50)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("were not all looked at"));

            Inbox.patiently().ignoreExceptions().until(() -> letters.remove("a-49"));
        }
    }

    /** Each question is answered in time, and five letters a second pass. */
    private static Throwable slowly(TcpProxy proxy, DeadLetterQueue letters, ThrowingCallable look) {
        Inbox.patiently().ignoreExceptions().until(() -> letters.read(1).size() == 1);
        proxy.delay(Duration.ofMillis(200));
        try {
            return catchThrowable(look);
        } finally {
            proxy.restore();
        }
    }
}
