package io.eda.broker.rabbitmq;

import static io.eda.broker.rabbitmq.Inbox.ids;
import static io.eda.broker.rabbitmq.Inbox.message;
import static io.eda.broker.rabbitmq.Inbox.messages;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.rabbitmq.client.Connection;
import io.eda.testkit.servers.TcpProxy;
import io.eda.transport.Message;
import io.eda.transport.PublishException;
import io.eda.transport.PublishException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(120)
final class PublishIT {

    private final RabbitMqOptions options = TestRabbit.options();

    /** Notices no silence by itself within a test. */
    private final RabbitMqOptions patient = options.withDeadlines(Duration.ofSeconds(60), Duration.ofSeconds(2))
            .withReconnect(Duration.ofSeconds(60), options.reconnect());

    @Test
    void a_message_that_no_group_wants_fails_as_unroutable_and_alone() throws Exception {
        try (var transport = RabbitMqTransport.connect(options)) {
            Inbox inbox = Inbox.acking();
            inbox.joins(transport, "mail");
            Message unwanted = new Message("x", "payment", "payment.made", "x", Map.of(), new byte[0]);

            var futures = transport.publish(List.of(message("a", 1), unwanted, message("a", 2)));

            assertThat(reason(futures.get(1))).isEqualTo(Reason.UNROUTABLE);
            futures.get(0).get(30, TimeUnit.SECONDS);
            futures.get(2).get(30, TimeUnit.SECONDS);
            inbox.awaitIds(List.of("a-1", "a-2"));
        }
    }

    @Test
    void a_message_that_no_group_wants_fails_each_time_that_it_is_under_way() throws Exception {
        try (var transport = RabbitMqTransport.connect(options)) {
            Message unwanted = new Message("x", "payment", "payment.made", "x", Map.of(), new byte[0]);
            for (var future : transport.publish(Collections.nCopies(50, unwanted))) {
                assertThat(reason(future)).isEqualTo(Reason.UNROUTABLE);
            }
        }
    }

    @Test
    void where_it_was_chosen_so_a_message_that_no_group_wants_is_dropped_and_confirmed() throws Exception {
        var dropping = options.withPublishing(RabbitMqPublishing.defaults()
                .withChoices(RabbitMqPublishing.AfterLoss.FAILS, RabbitMqPublishing.Unroutable.IS_DROPPED));
        try (var transport = RabbitMqTransport.connect(dropping)) {
            Inbox.publish(transport, message("a", 1));
            assertThat(transport.capabilities()).doesNotContain(io.eda.transport.Capability.REPORTS_UNROUTABLE);
        }
    }

    @Test
    void of_many_in_flight_the_one_that_the_broker_finds_too_large_fails_alone_and_the_order_stays() throws Exception {
        try (var transport = RabbitMqTransport.connect(options)) {
            Inbox inbox = Inbox.acking();
            inbox.joins(transport, "mail");
            List<Message> all = new ArrayList<>(messages("a", 200));
            all.add(100, message("a", 1_000, new byte[TestRabbit.MAX_MESSAGE + 1]));

            var futures = transport.publish(all);

            assertThat(reason(futures.get(100))).isEqualTo(Reason.TOO_LARGE);
            futures.remove(100);
            for (CompletableFuture<Void> future : futures) {
                future.get(60, TimeUnit.SECONDS);
            }
            inbox.awaitIds(ids(messages("a", 200)));
            assertThat(inbox.ids().stream().distinct().toList()).isEqualTo(ids(messages("a", 200)));
        }
    }

    @Test
    void headers_that_fit_into_no_frame_fail_alone_and_the_channel_lives() throws Exception {
        try (var transport = RabbitMqTransport.connect(options)) {
            Inbox inbox = Inbox.acking();
            inbox.joins(transport, "mail");
            Message heavy =
                    new Message("x", "order", "order.created", "a", Map.of("heavy", "h".repeat(140_000)), new byte[0]);

            var futures = transport.publish(List.of(message("a", 1), heavy, message("a", 2)));

            assertThat(reason(futures.get(1))).isEqualTo(Reason.TOO_LARGE);
            inbox.awaitIds(List.of("a-1", "a-2"));
            assertThat(inbox.ids()).containsExactly("a-1", "a-2");
        }
    }

    @Test
    void what_amqp_cannot_name_is_refused_at_once() {
        try (var transport = RabbitMqTransport.connect(options)) {
            Message longType = new Message("x", "order", "order." + "o".repeat(300), "a", Map.of(), new byte[0]);
            assertThat(reason(transport.publish(List.of(longType)).get(0))).isEqualTo(Reason.REFUSED);
        }
    }

    @Test
    void a_blocked_broker_costs_the_deadline_and_never_the_caller() throws Exception {
        try (var transport = RabbitMqTransport.connect(options)) {
            Inbox inbox = Inbox.acking();
            inbox.joins(transport, "mail");
            Inbox.publish(transport, message("a", 0));
            TestRabbit.server().rabbitmqctl("set_vm_memory_high_watermark", "0.00001");
            try {
                // The broker tells that it is blocked when it sees the next message.
                List<CompletableFuture<Void>> first = transport.publish(messages("b", 10));
                List<CompletableFuture<Void>> large = transport.publish(bodies("c", 40, 1 << 20));

                for (CompletableFuture<Void> future : large) {
                    assertThat(reason(future)).isIn(Reason.UNAVAILABLE, Reason.UNKNOWN, Reason.NOT_ACCEPTED);
                }
                Inbox.patiently().until(() -> first.stream().allMatch(CompletableFuture::isDone));
                assertThat(inbox.all()).hasSizeGreaterThanOrEqualTo(1);
            } finally {
                TestRabbit.server().rabbitmqctl("set_vm_memory_high_watermark", "0.4");
            }
            Inbox.publishStubbornly(transport, messages("d", 10));
            inbox.awaitIds(ids(messages("d", 10)));
        }
    }

    @Test
    void a_blocked_broker_takes_acknowledgements_all_the_same() throws Exception {
        try (var transport = RabbitMqTransport.connect(options)) {
            Inbox inbox = Inbox.holding();
            inbox.joins(transport, "mail");
            Inbox.publish(transport, messages("a", 3));
            inbox.awaitCount(1);
            TestRabbit.server().rabbitmqctl("set_vm_memory_high_watermark", "0.00001");
            try {
                transport.publish(messages("b", 10));
                for (int i = 0; i < 3; i++) {
                    inbox.awaitCount(i + 1);
                    inbox.all().get(i).ack();
                }
                String queue = new Names(options.topology().exchange()).queue("mail");
                Inbox.patiently().until(() -> TestRabbit.depth(queue) < 13);
            } finally {
                TestRabbit.server().rabbitmqctl("set_vm_memory_high_watermark", "0.4");
            }
        }
    }

    @Test
    void a_silent_connection_fails_the_futures_at_the_deadline_as_unknown() throws Exception {
        try (TcpProxy proxy = TcpProxy.to(TestRabbit.server());
                var transport = RabbitMqTransport.connect(TestRabbit.through(proxy, options)
                        .withDeadlines(Duration.ofSeconds(1), Duration.ofMillis(500))
                        .withReconnect(Duration.ofSeconds(60), options.reconnect()))) {
            Inbox.acking().joins(transport, "mail");
            Inbox.publish(transport, message("a", 0));
            proxy.stall(TcpProxy.Direction.TO_CLIENT);

            CompletableFuture<Void> future =
                    transport.publish(List.of(message("a", 1))).get(0);

            assertThat(reason(future)).isEqualTo(Reason.UNKNOWN);
        }
    }

    @Test
    void what_was_written_and_not_answered_is_published_again_after_a_cut_in_order() throws Exception {
        try (TcpProxy proxy = TcpProxy.to(TestRabbit.server());
                var transport = RabbitMqTransport.connect(TestRabbit.through(proxy, patient))) {
            Inbox inbox = Inbox.acking();
            inbox.joins(transport, "mail");
            Inbox.publish(transport, message("a", 0));
            // The broker gets them, and its answers are lost.
            proxy.stall(TcpProxy.Direction.TO_CLIENT);
            var futures = transport.publish(messages("a", 100));
            String queue = new Names(options.topology().exchange()).queue("mail");
            Inbox.patiently().until(() -> TestRabbit.depth(queue) >= 100);
            proxy.cut();
            proxy.restore();

            for (CompletableFuture<Void> future : futures) {
                future.get(60, TimeUnit.SECONDS);
            }
            inbox.awaitIds(ids(messages("a", 100)));
            assertThat(inbox.ids().stream().distinct().toList()).isEqualTo(ids(messages("a", 100)));
        }
    }

    @Test
    void where_it_was_chosen_so_what_was_not_answered_fails_as_unknown() throws Exception {
        var failing = patient.withPublishing(RabbitMqPublishing.defaults()
                .withChoices(RabbitMqPublishing.AfterLoss.FAILS, RabbitMqPublishing.Unroutable.FAILS));
        try (TcpProxy proxy = TcpProxy.to(TestRabbit.server());
                var transport = RabbitMqTransport.connect(TestRabbit.through(proxy, failing))) {
            Inbox.acking().joins(transport, "mail");
            Inbox.publish(transport, message("b", 0));
            proxy.stall(TcpProxy.Direction.TO_CLIENT);
            var futures = transport.publish(messages("b", 10));
            String queue = new Names(options.topology().exchange()).queue("mail");
            Inbox.patiently().until(() -> TestRabbit.depth(queue) >= 10);
            proxy.cut();
            proxy.restore();

            assertThat(futures).allSatisfy(future -> assertThat(reason(future)).isEqualTo(Reason.UNKNOWN));
        }
    }

    @Test
    void a_full_queue_refuses_and_the_future_fails_as_unavailable() throws Exception {
        var small = options.withTopology(options.topology().withQueueArgument("x-max-length", 5));
        try (var transport = RabbitMqTransport.connect(small)) {
            Inbox.holding().joins(transport, Inbox.request("mail", 1));

            List<Reason> reasons = new ArrayList<>();
            Inbox.patiently().until(() -> {
                Throwable failure = catchThrowable(() -> Inbox.publish(transport, messages("a", 10)));
                if (failure != null) {
                    reasons.add(((PublishException) failure.getCause()).reason());
                }
                return !reasons.isEmpty();
            });
            assertThat(reasons).containsExactly(Reason.UNAVAILABLE);
        }
    }

    @Test
    void after_the_exchange_was_deleted_nothing_is_reported_as_published() throws Exception {
        try (var transport = RabbitMqTransport.connect(options);
                Connection admin = TestRabbit.admin()) {
            Inbox.acking().joins(transport, "mail");
            Inbox.publish(transport, message("a", 0));
            admin.createChannel().exchangeDelete(options.topology().exchange());

            CompletableFuture<Void> future =
                    transport.publish(List.of(message("a", 1))).get(0);

            assertThat(reason(future)).isEqualTo(Reason.UNROUTABLE);
        }
    }

    @Test
    void more_than_may_wait_is_not_accepted_and_what_follows_is_not_either() throws Exception {
        var narrow = options.withPublishing(
                RabbitMqPublishing.defaults().withMaxWaiting(10, 1 << 20).withMaxUnconfirmed(10, 1 << 20));
        try (TcpProxy proxy = TcpProxy.to(TestRabbit.server());
                var transport = RabbitMqTransport.connect(TestRabbit.through(proxy, narrow))) {
            Inbox.acking().joins(transport, "mail");
            proxy.stall(TcpProxy.Direction.TO_SERVER);

            var futures = transport.publish(messages("a", 30));

            assertThat(futures.subList(20, 30)).allSatisfy(future -> {
                assertThat(future).isDone();
                assertThat(reason(future)).isEqualTo(Reason.NOT_ACCEPTED);
            });
            proxy.restore();
            for (CompletableFuture<Void> future : futures.subList(0, 20)) {
                future.get(60, TimeUnit.SECONDS);
            }
        }
    }

    private static List<Message> bodies(String key, int count, int size) {
        List<Message> messages = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            messages.add(message(key, n, new byte[size]));
        }
        return messages;
    }

    private static Reason reason(CompletableFuture<Void> future) {
        Throwable failure = catchThrowable(() -> future.get(60, TimeUnit.SECONDS));
        assertThat(failure).isInstanceOf(ExecutionException.class);
        assertThat(failure.getCause()).isInstanceOf(PublishException.class);
        return ((PublishException) failure.getCause()).reason();
    }
}
