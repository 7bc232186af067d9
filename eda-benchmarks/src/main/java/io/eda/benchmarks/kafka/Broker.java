package io.eda.benchmarks.kafka;

import io.eda.broker.kafka.KafkaLimits;
import io.eda.broker.kafka.KafkaOptions;
import io.eda.broker.kafka.KafkaTopics;
import io.eda.broker.kafka.KafkaTransport;
import io.eda.testkit.servers.KafkaServer;
import io.eda.testkit.servers.RealServers;
import io.eda.transport.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** One broker of its own, and clients of it with the same settings for everybody. */
final class Broker implements AutoCloseable {

    private static final int BATCH = 1_000;

    private final KafkaServer server;

    private Broker(KafkaServer server) {
        this.server = server;
    }

    static Broker start() {
        return new Broker(RealServers.dedicatedKafka());
    }

    String description() {
        return "one broker with its defaults: " + server;
    }

    String freshPrefix() {
        return server.freshTopic() + ".";
    }

    String freshGroup() {
        return server.freshGroup();
    }

    /** Opens ours, with its defaults, for topics with this prefix. */
    KafkaTransport transport(String prefix) {
        KafkaTopics topics = KafkaTopics.defaults().withPrefix(prefix);
        return KafkaTransport.connect(KafkaOptions.of(Map.of("bootstrap.servers", server.bootstrapServers()))
                .withTopics(topics)
                .withLimits(KafkaLimits.defaults()));
    }

    KafkaProducer<byte[], byte[]> producer() {
        Map<String, Object> properties = new HashMap<>();
        properties.put("bootstrap.servers", server.bootstrapServers());
        properties.put("acks", "all");
        properties.put("linger.ms", 5);
        properties.put("batch.size", 128 * 1024);
        properties.put("compression.type", "lz4");
        properties.put("buffer.memory", 160L << 20);
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    KafkaConsumer<byte[], byte[]> consumer(String group) {
        return new KafkaConsumer<>(consumerProperties(group), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    Map<String, Object> consumerProperties(String group) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("bootstrap.servers", server.bootstrapServers());
        properties.put("group.id", group);
        properties.put("enable.auto.commit", "false");
        properties.put("auto.offset.reset", "earliest");
        properties.put("max.poll.records", 1_000);
        properties.put("isolation.level", "read_committed");
        return properties;
    }

    /** Makes the topic of {@code prefix} by publishing one message, as ours does it: 6 partitions. */
    String madeTopic(String prefix) {
        try (KafkaTransport transport = transport(prefix)) {
            transport.publish(List.of(new SampleMessages().next())).forEach(CompletableFuture::join);
        }
        return prefix + SampleMessages.TOPIC;
    }

    /** Makes a topic with that many messages in it. */
    String filledTopic(int events) {
        String prefix = freshPrefix();
        SampleMessages samples = new SampleMessages();
        try (KafkaTransport transport = transport(prefix)) {
            List<CompletableFuture<Void>> open = new ArrayList<>();
            for (int filled = 0; filled < events; filled += BATCH) {
                List<Message> batch = new ArrayList<>(BATCH);
                for (int i = 0; i < BATCH; i++) {
                    batch.add(samples.next());
                }
                open.addAll(transport.publish(batch));
                if (open.size() >= 20 * BATCH) {
                    open.forEach(CompletableFuture::join);
                    open.clear();
                }
            }
            open.forEach(CompletableFuture::join);
        }
        return prefix + SampleMessages.TOPIC;
    }

    /** Opens ours for receiving from {@code topic} alone. */
    KafkaTransport transportReading(String topic) {
        String prefix = topic.substring(0, topic.length() - SampleMessages.TOPIC.length());
        return KafkaTransport.connect(KafkaOptions.of(Map.of("bootstrap.servers", server.bootstrapServers()))
                .withTopics(KafkaTopics.defaults().withPrefix(prefix).withReads(Set.of(topic))));
    }

    @Override
    public void close() {
        server.close();
    }
}
