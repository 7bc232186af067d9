package io.eda.broker.kafka;

import io.eda.testkit.servers.RealServers;
import io.eda.transport.Message;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.TypePattern;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The shared broker of these tests; tests keep apart by prefixes and groups of their own. */
final class TestKafka {

    private TestKafka() {}

    static String bootstrap() {
        return RealServers.kafka().bootstrapServers();
    }

    static KafkaOptions options() {
        return options(bootstrap());
    }

    static KafkaOptions options(String bootstrap) {
        KafkaTopics topics = KafkaTopics.defaults()
                .withPrefix(fresh("events") + ".")
                .withPartitions(3)
                .withDiscovery(Duration.ofMillis(500));
        KafkaLimits limits = KafkaLimits.defaults()
                .withPublishTimeout(Duration.ofSeconds(20))
                .withCommitInterval(Duration.ofMillis(50));
        return KafkaOptions.of(Map.of("bootstrap.servers", bootstrap))
                .withTopics(topics)
                .withLimits(limits);
    }

    static String fresh(String name) {
        return name + "-" + UUID.randomUUID().toString().substring(24);
    }

    static Message message(String key, int number) {
        String id = key + "-" + number;
        return new Message(
                id, "order", "order.created", key, Map.of("n", "" + number), id.getBytes(StandardCharsets.UTF_8));
    }

    static List<Message> messages(String key, int count) {
        List<Message> messages = new ArrayList<>();
        for (int n = 1; n <= count; n++) {
            messages.add(message(key, n));
        }
        return messages;
    }

    static List<String> ids(List<Message> messages) {
        return messages.stream().map(Message::id).toList();
    }

    static ReceiveRequest everything(String group) {
        return new ReceiveRequest(group, Set.of(TypePattern.everything()), 100, true);
    }

    static void publish(KafkaTransport transport, List<Message> messages) throws Exception {
        for (CompletableFuture<Void> future : transport.publish(messages)) {
            future.get(60, TimeUnit.SECONDS);
        }
    }

    static Admin admin() {
        return admin(bootstrap());
    }

    private static Admin admin(String bootstrap) {
        return Admin.create(Map.of("bootstrap.servers", bootstrap));
    }

    static KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(more);
        properties.putIfAbsent("bootstrap.servers", bootstrap());
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Publishes what only tells its type, as a stranger might. */
    static void publishForeign(String bootstrap, String topic, String type, byte[] body) throws Exception {
        try (var producer = producer(Map.of("bootstrap.servers", bootstrap))) {
            var record = new ProducerRecord<byte[], byte[]>(topic, null, body);
            record.headers().add("eventType", type.getBytes(StandardCharsets.UTF_8));
            producer.send(record).get(60, TimeUnit.SECONDS);
        }
    }

    /** Returns how many offsets of {@code topic} the group has not committed. */
    static long uncommitted(String group, String topic) throws Exception {
        return uncommitted(bootstrap(), group, topic);
    }

    static long uncommitted(String bootstrap, String group, String topic) throws Exception {
        try (Admin admin = admin(bootstrap)) {
            Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
            admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get()
                    .get(topic)
                    .partitions()
                    .forEach(partition ->
                            ends.put(new TopicPartition(topic, partition.partition()), OffsetSpec.latest()));
            var committed = admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get();
            long open = 0;
            for (var end : admin.listOffsets(ends).all().get().entrySet()) {
                var offset = committed.get(end.getKey());
                open += end.getValue().offset() - (offset == null ? 0 : offset.offset());
            }
            return open;
        }
    }
}
