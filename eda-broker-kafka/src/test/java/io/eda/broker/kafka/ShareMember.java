package io.eda.broker.kafka;

import io.eda.transport.ReceiveRequest;
import io.eda.transport.TypePattern;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** The main class of a member of an unordered group that takes messages, tells of them, and never settles one. */
final class ShareMember {

    private ShareMember() {}

    /** Takes the bootstrap servers, the prefix of topics, the group, and how many messages it holds at most. */
    public static void main(String[] arguments) throws InterruptedException {
        KafkaOptions options = KafkaOptions.of(Map.of("bootstrap.servers", arguments[0]))
                .withTopics(KafkaTopics.defaults().withPrefix(arguments[1]).withDiscovery(Duration.ofMillis(500)));
        KafkaTransport transport = KafkaTransport.connect(options);
        var request = new ReceiveRequest(
                arguments[2], Set.of(TypePattern.everything()), Integer.parseInt(arguments[3]), false);
        var unused = transport.receive(
                request,
                deliveries -> deliveries.forEach(delivery ->
                        System.out.println("took " + delivery.message().id())));
        new CountDownLatch(1).await();
    }
}
