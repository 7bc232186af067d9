package io.eda.broker.kafka;

import io.eda.transport.Delivery;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.TypePattern;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The main class of a member of an ordered group that settles each message some seconds after it came. */
final class SlowMember {

    private static final int SECONDS = 8;

    private SlowMember() {}

    /** Takes the bootstrap servers, the prefix of topics, and the group. */
    public static void main(String[] arguments) throws InterruptedException {
        KafkaOptions defaults = KafkaOptions.of(Map.of("bootstrap.servers", arguments[0]));
        KafkaTransport transport = KafkaTransport.connect(defaults.withTopics(KafkaTopics.defaults()
                        .withPrefix(arguments[1])
                        .withPartitions(1)
                        .withDiscovery(Duration.ofMillis(500)))
                .withConsumer(Map.of("session.timeout.ms", 3_000, "heartbeat.interval.ms", 300)));
        ScheduledExecutorService later = Executors.newScheduledThreadPool(1);
        var request = new ReceiveRequest(arguments[2], Set.of(TypePattern.everything()), 100, true);
        var unused = transport.receive(
                request,
                deliveries -> deliveries.forEach(delivery -> {
                    System.out.println("took " + delivery.message().id());
                    var unusedTask = later.schedule(() -> settle(delivery), SECONDS, TimeUnit.SECONDS);
                }));
        new CountDownLatch(1).await();
    }

    private static void settle(Delivery delivery) {
        delivery.ack();
        System.out.println("settled " + delivery.message().id());
    }
}
