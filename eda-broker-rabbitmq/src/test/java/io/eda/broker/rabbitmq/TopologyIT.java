package io.eda.broker.rabbitmq;

import static io.eda.broker.rabbitmq.Inbox.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.TypePattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(120)
final class TopologyIT {

    private final RabbitMqOptions options = TestRabbit.options();
    private final Names names = new Names(options.topology().exchange());

    @Test
    void ten_starters_at_once_find_or_make_the_same() throws Exception {
        ExecutorService starters = Executors.newFixedThreadPool(10);
        List<RabbitMqTransport> transports = new ArrayList<>();
        Inbox inbox = Inbox.acking();
        try {
            List<Future<RabbitMqTransport>> starting = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                starting.add(starters.submit(() -> {
                    var transport = RabbitMqTransport.connect(options);
                    inbox.joins(transport, "mail");
                    return transport;
                }));
            }
            for (Future<RabbitMqTransport> one : starting) {
                transports.add(one.get(90, TimeUnit.SECONDS));
            }
            Inbox.publish(transports.get(0), Inbox.messages("a", 50));
            inbox.awaitCount(50);
            assertThat(inbox.ids()).hasSize(50).doesNotHaveDuplicates();
        } finally {
            transports.forEach(RabbitMqTransport::close);
            starters.shutdownNow();
        }
    }

    @Test
    void a_queue_that_stands_there_otherwise_is_an_error_with_the_difference_and_stays() throws Exception {
        try (Connection admin = TestRabbit.admin();
                var transport = RabbitMqTransport.connect(options)) {
            Channel channel = admin.createChannel();
            channel.queueDeclare(names.queue("mail"), true, false, false, Map.of("x-queue-type", "quorum"));
            channel.confirmSelect();
            channel.basicPublish("", names.queue("mail"), null, new byte[] {1});
            channel.waitForConfirms(30_000);

            RabbitMqRefusedException refused = catchThrowableOfType(
                    RabbitMqRefusedException.class, () -> transport.receive(Inbox.request("mail", 10), Inbox.acking()));

            assertThat(refused.reason()).isEqualTo(RabbitMqRefusedException.Reason.TOPOLOGY);
            assertThat(refused).hasMessageContaining(names.queue("mail")).hasMessageContaining("but current is");
            assertThat(channel.messageCount(names.queue("mail"))).isEqualTo(1);
        }
    }

    @Test
    void an_exchange_of_another_kind_is_refused_at_the_connect() throws Exception {
        try (Connection admin = TestRabbit.admin()) {
            admin.createChannel().exchangeDeclare(options.topology().exchange(), "fanout", true);
            assertThatThrownBy(() -> RabbitMqTransport.connect(options))
                    .isInstanceOf(RabbitMqRefusedException.class)
                    .hasMessageContaining("topic")
                    .hasMessageContaining("fanout");
        }
    }

    @Test
    void a_member_that_wants_other_types_is_refused_by_this_process_and_by_others() {
        var other =
                new ReceiveRequest("mail", Set.of(new TypePattern("payment.*"), new TypePattern("order.#")), 10, true);
        try (var first = RabbitMqTransport.connect(options);
                var second = RabbitMqTransport.connect(options)) {
            Inbox.acking().joins(first, "mail");

            assertThatThrownBy(() -> first.receive(other, Inbox.acking())).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> second.receive(other, Inbox.acking()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("order.#")
                    .hasMessageContaining("payment.*")
                    .hasMessageContaining(names.types("mail"));
        }
    }

    @Test
    void the_types_can_be_changed_on_purpose_and_nothing_waiting_is_lost() throws Exception {
        try (var transport = RabbitMqTransport.connect(options);
                Connection admin = TestRabbit.admin()) {
            Inbox.acking().joins(transport, "mail").close();
            Inbox.publish(transport, message("a", 1));
            admin.createChannel().exchangeDelete(names.types("mail"));

            Inbox inbox = Inbox.acking();
            inbox.joins(
                    transport,
                    new ReceiveRequest(
                            "mail", Set.of(new TypePattern("payment.*"), new TypePattern("order.#")), 10, true));

            inbox.awaitIds(List.of("a-1"));
        }
    }

    @Test
    void a_wrong_password_is_told_at_once() {
        ConnectionFactory wrong = TestRabbit.factory();
        wrong.setPassword("wrong");
        var refusing = new RabbitMqOptions(
                wrong,
                List.of(),
                options.topology(),
                options.publishing(),
                options.deadline(),
                options.closeTimeout(),
                options.heartbeat(),
                options.reconnect(),
                100,
                options.ackDelay());
        RabbitMqRefusedException refused =
                catchThrowableOfType(RabbitMqRefusedException.class, () -> RabbitMqTransport.connect(refusing));
        assertThat(refused.reason()).isEqualTo(RabbitMqRefusedException.Reason.CREDENTIALS);
        assertThat(refused).hasMessageContaining("ACCESS_REFUSED");
    }

    @Test
    void a_virtual_host_that_is_not_there_is_told_at_once() {
        ConnectionFactory wrong = TestRabbit.factory();
        wrong.setVirtualHost("nowhere");
        assertThatThrownBy(() -> RabbitMqTransport.connect(RabbitMqOptions.of(wrong)))
                .isInstanceOf(RabbitMqRefusedException.class)
                .hasMessageContaining("nowhere");
    }

    @Test
    void an_account_that_may_not_declare_uses_what_others_have_declared() throws Exception {
        TestRabbit.server().rabbitmqctl("add_user", "reader", "secret");
        TestRabbit.server().rabbitmqctl("set_permissions", "reader", "", ".*", ".*");
        ConnectionFactory reader = TestRabbit.factory();
        reader.setUsername("reader");
        reader.setPassword("secret");
        var restricted = RabbitMqOptions.of(reader)
                .withTopology(options.topology())
                .withDeadlines(options.deadline(), options.closeTimeout());
        try (var owner = RabbitMqTransport.connect(options)) {
            Inbox.acking().joins(owner, "mail").close();
            try (var transport = RabbitMqTransport.connect(restricted)) {
                Inbox inbox = Inbox.acking();
                inbox.joins(transport, "mail");
                Inbox.publish(transport, message("a", 1));
                inbox.awaitIds(List.of("a-1"));
                assertThatThrownBy(() -> transport.receive(Inbox.request("other", 10), Inbox.acking()))
                        .isInstanceOf(RabbitMqRefusedException.class)
                        .hasMessageContaining("reader");
            }
        }
    }
}
