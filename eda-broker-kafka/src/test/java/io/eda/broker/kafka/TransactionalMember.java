package io.eda.broker.kafka;

import io.eda.transport.Delivery;
import io.eda.transport.Message;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.TypePattern;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** The main class of a member that makes one result of each message, in transactions. */
final class TransactionalMember {

    private TransactionalMember() {}

    /** Takes the bootstrap servers, the prefix of topics, the group, and the prefix of transactional ids. */
    public static void main(String[] arguments) throws InterruptedException {
        KafkaTransport transport =
                KafkaTransport.connect(options(arguments[0], arguments[1]).withTransactions(arguments[3]));
        var unused = transport.receive(
                request(arguments[2]),
                deliveries -> deliveries.forEach(delivery -> {
                    delivery.ackWith(List.of(resultOf(delivery)));
                }));
        new CountDownLatch(1).await();
    }

    static KafkaOptions options(String bootstrap, String prefix) {
        KafkaOptions defaults = KafkaOptions.of(Map.of("bootstrap.servers", bootstrap));
        return defaults.withTopics(KafkaTopics.defaults()
                        .withPrefix(prefix)
                        .withPartitions(3)
                        .withDiscovery(Duration.ofMillis(500)))
                .withLimits(defaults.limits().withCommitInterval(Duration.ofMillis(20)))
                .withProducer(Map.of("transaction.timeout.ms", 4_000))
                .withConsumer(Map.of("session.timeout.ms", 3_000, "heartbeat.interval.ms", 300));
    }

    static ReceiveRequest request(String group) {
        return new ReceiveRequest(group, Set.of(new TypePattern("order.created")), 100, true);
    }

    static Message resultOf(Delivery delivery) {
        Message message = delivery.message();
        return new Message(
                "result-" + message.id(), "result", "order.counted", message.key(), Map.of(), message.body());
    }
}
