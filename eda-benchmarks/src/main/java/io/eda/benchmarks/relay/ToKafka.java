package io.eda.benchmarks.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eda.benchmarks.harness.Session;
import io.eda.broker.kafka.KafkaOptions;
import io.eda.broker.kafka.KafkaTopics;
import io.eda.broker.kafka.KafkaTransport;
import io.eda.testkit.servers.KafkaServer;
import io.eda.testkit.servers.RealServers;
import io.eda.transport.Message;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Who publishes to Kafka: each round to a topic of its own, with 6 partitions. */
final class ToKafka implements AutoCloseable {

    private final KafkaServer server = RealServers.dedicatedKafka();
    private final List<Message> messages;

    ToKafka(List<Message> messages) {
        this.messages = messages;
    }

    Session raw() {
        String prefix = madePrefix();
        String topic = prefix + messages.get(0).topic();
        Map<String, Object> properties = new HashMap<>();
        properties.put("bootstrap.servers", server.bootstrapServers());
        // As our transport has them.
        properties.put("acks", "all");
        properties.put("linger.ms", 5);
        properties.put("batch.size", 128 * 1024);
        properties.put("compression.type", "lz4");
        KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        return RelaySession.raw(new Raw(producer, topic), messages);
    }

    Session eda(History history) throws Exception {
        return RelaySession.eda(history, transport(madePrefix()));
    }

    /** Makes the topic, as ours does it, so that nobody waits for that. */
    private String madePrefix() {
        String prefix = server.freshTopic() + ".";
        try (KafkaTransport transport = transport(prefix)) {
            transport.publish(messages.subList(0, 1)).forEach(CompletableFuture::join);
        }
        return prefix;
    }

    private KafkaTransport transport(String prefix) {
        return KafkaTransport.connect(KafkaOptions.of(Map.of("bootstrap.servers", server.bootstrapServers()))
                .withTopics(KafkaTopics.defaults().withPrefix(prefix)));
    }

    @Override
    public void close() {
        server.close();
    }

    private record Raw(KafkaProducer<byte[], byte[]> producer, String topic) implements RawClient {

        @Override
        public void publish(Message message, Window window) {
            RecordHeaders headers = new RecordHeaders();
            message.headers().forEach((name, value) -> headers.add(name, value.getBytes(UTF_8)));
            var record = new ProducerRecord<>(topic, null, message.key().getBytes(UTF_8), message.body(), headers);
            var unused = producer.send(record, (metadata, failure) -> {
                if (failure == null) {
                    window.confirmed(1);
                } else {
                    window.failed(failure);
                }
            });
        }

        @Override
        public void close() {
            producer.close();
        }
    }
}
