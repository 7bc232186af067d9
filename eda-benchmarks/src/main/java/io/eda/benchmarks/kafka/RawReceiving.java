package io.eda.benchmarks.kafka;

import io.eda.benchmarks.harness.Operation;
import io.eda.benchmarks.harness.Session;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Receives with the driver alone, and commits by name what was received. */
final class RawReceiving implements Session {

    private static final long COMMIT_NANOS = Duration.ofMillis(200).toNanos();

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final int events;
    private final Map<TopicPartition, OffsetAndMetadata> finished = new HashMap<>();
    private long lastCommit = System.nanoTime();
    private long received;

    private RawReceiving(KafkaConsumer<byte[], byte[]> consumer, int events) {
        this.consumer = consumer;
        this.events = events;
    }

    static RawReceiving open(Broker broker, String topic, int events) {
        KafkaConsumer<byte[], byte[]> consumer = broker.consumer(broker.freshGroup());
        consumer.subscribe(List.of(topic));
        RawReceiving session = new RawReceiving(consumer, events);
        while (session.received == 0) {
            session.poll();
        }
        return session;
    }

    @Override
    public Operation caller(int index) {
        return watch -> poll();
    }

    private int poll() {
        var records = consumer.poll(Duration.ofMillis(100));
        for (ConsumerRecord<byte[], byte[]> record : records) {
            finished.put(
                    new TopicPartition(record.topic(), record.partition()), new OffsetAndMetadata(record.offset() + 1));
        }
        received += records.count();
        if (received > events / 2) {
            // What lies in the log is received as often as the time allows.
            received = 0;
            consumer.seekToBeginning(consumer.assignment());
        }
        long now = System.nanoTime();
        if (now - lastCommit > COMMIT_NANOS) {
            lastCommit = now;
            consumer.commitAsync(Map.copyOf(finished), (offsets, failure) -> {});
        }
        return records.count();
    }

    @Override
    public void close() {
        consumer.commitSync(finished);
        consumer.close();
    }
}
