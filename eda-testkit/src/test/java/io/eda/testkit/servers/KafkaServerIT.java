package io.eda.testkit.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class KafkaServerIT {

    @Test
    void the_shared_server_takes_a_record_and_gives_it_back() throws Exception {
        KafkaServer kafka = RealServers.kafka();
        String topic = kafka.freshTopic();

        send(kafka, topic, "hello");

        assertThat(read(kafka, topic, 1)).containsExactly("hello");
    }

    @Test
    void acknowledged_records_survive_a_stop_and_a_kill_and_a_freeze_is_thawed() throws Exception {
        try (KafkaServer kafka = RealServers.dedicatedKafka()) {
            String topic = kafka.freshTopic();
            send(kafka, topic, "before the stop");
            kafka.restart();
            send(kafka, topic, "before the kill");
            kafka.kill();
            assertThat(kafka.isRunning()).isFalse();
            kafka.start();
            assertThat(read(kafka, topic, 2)).containsExactly("before the stop", "before the kill");

            kafka.freeze();
            assertThatThrownBy(() -> send(kafka, topic, "into the ice"))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(TimeoutException.class);
            kafka.thaw();
            send(kafka, topic, "after the thaw");
            assertThat(read(kafka, topic, 3)).contains("after the thaw");
        }
    }

    private static void send(KafkaServer kafka, String topic, String value) throws Exception {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", kafka.bootstrapServers(),
                "acks", "all",
                "max.block.ms", 3_000,
                "request.timeout.ms", 2_000,
                "delivery.timeout.ms", 3_000);
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, "key", value)).get(20, TimeUnit.SECONDS);
        }
    }

    private static List<String> read(KafkaServer kafka, String topic, int atLeast) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", kafka.bootstrapServers(),
                "group.id", kafka.freshGroup(),
                "auto.offset.reset", "earliest");
        List<String> values = new ArrayList<>();
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            while (values.size() < atLeast && System.nanoTime() - end < 0) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
            }
        }
        return values;
    }
}
