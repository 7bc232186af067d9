package io.eda.broker.rabbitmq;

import static io.eda.broker.rabbitmq.Inbox.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eda.transport.Delivery;
import io.eda.transport.Message;
import io.eda.transport.Receiver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(120)
final class PartitionIT {

    private final RabbitMqOptions one = TestRabbit.options();
    private final RabbitMqOptions four = partitions(4);

    @Test
    void each_key_stays_with_one_member_and_both_members_work() throws Exception {
        try (var first = RabbitMqTransport.connect(four);
                var second = RabbitMqTransport.connect(four)) {
            Inbox a = Inbox.acking();
            Inbox b = Inbox.acking();
            a.joins(first, "mail");
            b.joins(second, "mail");
            List<Message> published = new ArrayList<>();
            Inbox.patiently().until(() -> {
                List<Message> some = round(published.size() / 40);
                published.addAll(some);
                Inbox.publish(first, some);
                return !a.all().isEmpty() && !b.all().isEmpty();
            });

            Inbox.patiently().until(() -> a.all().size() + b.all().size() >= published.size());
            assertThat(a.all().size() + b.all().size()).isEqualTo(published.size());
            for (Inbox inbox : List.of(a, b)) {
                inbox.all().stream()
                        .collect(java.util.stream.Collectors.groupingBy(
                                delivery -> delivery.message().key()))
                        .values()
                        .forEach(ofKey -> assertThat(ofKey)
                                .extracting(PartitionIT::number)
                                .isSorted());
            }
        }
    }

    @Test
    void when_a_member_dies_the_other_takes_over_in_order() throws Exception {
        try (var second = RabbitMqTransport.connect(four)) {
            Inbox b = Inbox.acking();
            Inbox a = Inbox.acking();
            try (var first = RabbitMqTransport.connect(four)) {
                a.joins(first, "mail");
                b.joins(second, "mail");
                Inbox.publish(second, round(0));
            }
            Inbox.publish(second, round(1));
            List<String> all = new ArrayList<>(Inbox.ids(round(0)));
            all.addAll(Inbox.ids(round(1)));
            Inbox.patiently().until(() -> {
                List<String> both = new ArrayList<>(a.ids());
                both.addAll(b.ids());
                return both.containsAll(all);
            });
            // What the one that died had not acknowledged comes a second time; the first arrivals are in order.
            b.all().stream()
                    .collect(java.util.stream.Collectors.groupingBy(
                            delivery -> delivery.message().key()))
                    .values()
                    .forEach(ofKey -> assertThat(
                                    ofKey.stream().map(PartitionIT::number).distinct())
                            .isSorted());
        }
    }

    @Test
    void partitions_may_grow_and_not_shrink() throws Exception {
        try (var first = RabbitMqTransport.connect(partitions(2));
                var grown = RabbitMqTransport.connect(four)) {
            Inbox inbox = Inbox.acking();
            inbox.joins(first, "mail");
            Inbox.publish(first, round(0));
            inbox.joins(grown, "mail");
            Inbox.publish(first, round(1));
            inbox.awaitIds(Inbox.ids(round(1)));

            assertThatThrownBy(() -> first.receive(Inbox.request("mail", 10), Inbox.acking()))
                    .isInstanceOf(RabbitMqRefusedException.class)
                    .hasMessageContaining("more than 2 partitions");
        }
    }

    @Test
    void a_group_is_either_partitioned_or_not() {
        try (var single = RabbitMqTransport.connect(one);
                var parted = RabbitMqTransport.connect(four)) {
            Inbox.acking().joins(single, "mail");
            Inbox.acking().joins(parted, "audit");

            assertThatThrownBy(() -> parted.receive(Inbox.request("mail", 10), Inbox.acking()))
                    .isInstanceOf(RabbitMqRefusedException.class)
                    .hasMessageContaining("one queue");
            assertThatThrownBy(() -> single.receive(Inbox.request("audit", 10), Inbox.acking()))
                    .isInstanceOf(RabbitMqRefusedException.class)
                    .hasMessageContaining("partitions");
        }
    }

    @Test
    void a_broker_without_the_plugin_says_how_to_enable_it() {
        TestRabbit.eval("rabbit_registry:unregister(exchange, <<\"x-consistent-hash\">>).");
        try (var parted = RabbitMqTransport.connect(four)) {
            assertThatThrownBy(() -> parted.receive(Inbox.request("mail", 10), Inbox.acking()))
                    .isInstanceOf(RabbitMqRefusedException.class)
                    .hasMessageContaining("rabbitmq-plugins enable rabbitmq_consistent_hash_exchange");
        } finally {
            TestRabbit.eval("rabbit_registry:register(exchange, <<\"x-consistent-hash\">>,"
                    + " rabbit_exchange_type_consistent_hash).");
        }
    }

    @Test
    void a_letter_goes_back_to_the_partitioned_group() throws Exception {
        try (var transport = RabbitMqTransport.connect(four)) {
            Inbox inbox = Inbox.reacting(delivery -> {
                if (delivery.message().headers().containsKey("again")) {
                    delivery.ack();
                } else {
                    delivery.reject();
                }
            });
            Receiver receiver = inbox.joins(transport, "mail");
            Inbox.publish(transport, message("a", 1));
            Inbox.patiently().until(() -> !transport.deadLetters("mail").read(1).isEmpty());
            Message letter = transport.deadLetters("mail").read(1).get(0);

            transport
                    .deadLetters("mail")
                    .redeliver(new Message(
                            letter.id(),
                            letter.topic(),
                            letter.type(),
                            letter.key(),
                            Map.of("again", "yes"),
                            letter.body()))
                    .get();

            inbox.awaitCount(2);
            assertThat(inbox.all().get(1).attempt()).isEqualTo(1);
            assertThat(receiver.status().isReceiving()).isTrue();
        }
    }

    private static int number(Delivery delivery) {
        String id = delivery.message().id();
        return Integer.parseInt(id.substring(id.lastIndexOf('-') + 1));
    }

    private RabbitMqOptions partitions(int count) {
        return one.withTopology(one.topology().withPartitions(count));
    }

    private static List<Message> round(int number) {
        return IntStream.range(0, 40).mapToObj(i -> message("k" + i, number)).toList();
    }
}
