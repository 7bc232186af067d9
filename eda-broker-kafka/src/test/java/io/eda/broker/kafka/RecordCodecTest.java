package io.eda.broker.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eda.transport.Message;
import io.eda.transport.PublishException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RecordCodecTest {

    private final RecordCodec codec = new RecordCodec(KafkaTopics.defaults());
    private final Destination orders = Destination.ofMessages("order", KafkaTopics.defaults());

    @Test
    void a_cloud_event_travels_as_it_is() {
        Map<String, String> headers = Map.of("ce_id", "1", "ce_type", "order.created", "ce_subject", "42");
        Message message = new Message("1", "order", "order.created", "42", headers, "{}".getBytes(UTF_8));

        ProducerRecord<byte[], byte[]> record = codec.encode(message, orders);

        assertThat(record.topic()).isEqualTo("events.order");
        assertThat(record.key()).isEqualTo("42".getBytes(UTF_8));
        assertThat(names(record)).containsExactlyInAnyOrder("ce_id", "ce_type", "ce_subject");
        assertSame(codec.decode(received(record)), message);
    }

    @Test
    void what_is_no_cloud_event_comes_back_as_it_was_as_well() {
        Message message = new Message("id ö", "order", "x.y", "kö", Map.of("größe", "", "ce_id", "other"), new byte[0]);
        assertSame(codec.decode(received(codec.encode(message, orders))), message);
    }

    @Test
    void a_dead_letter_is_kept_by_its_id_and_comes_back_as_it_was() {
        Message message = new Message("7", "payment", "payment.failed", "42", Map.of("a", "b"), new byte[] {1});
        ProducerRecord<byte[], byte[]> record = codec.encode(message, Destination.deadLettersOf("mail"));

        assertThat(record.key()).isEqualTo("7".getBytes(UTF_8));
        assertSame(codec.decode(received(record)), message);
    }

    @Test
    void a_publication_that_has_to_wait_keeps_a_body_of_its_own() {
        byte[] body = {1};
        Message message = new Message("1", "order", "a.b", "k", Map.of("ce_id", "1"), body);
        Publication publication = new Publication(orders, codec.encode(message, orders), message, 0);

        publication.keep();
        body[0] = 2;

        ProducerRecord<byte[], byte[]> kept = publication.record();
        assertThat(kept.value()).containsExactly(1);
        assertThat(kept.topic()).isEqualTo(orders.topic());
        assertThat(kept.key()).isEqualTo("k".getBytes(UTF_8));
        assertThat(kept.headers()).isEqualTo(codec.encode(message, orders).headers());
    }

    @Test
    void a_header_with_a_name_of_ours_is_refused() {
        Message message = new Message("1", "order", "a.b", "k", Map.of("eda-message-id", "2"), new byte[0]);
        assertThatThrownBy(() -> codec.encode(message, orders))
                .isInstanceOf(PublishException.class)
                .hasMessageContaining("eda-message-id");
    }

    @Test
    void a_record_without_anything_is_a_message_named_by_its_place() {
        Message message = codec.decode(received("events.order", null, null, new RecordHeaders()));
        assertThat(message.id()).isEqualTo("events.order/3@17");
        assertThat(message.topic()).isEqualTo("order");
        assertThat(message.type()).isEmpty();
        assertThat(message.key()).isEmpty();
        assertThat(message.body()).isEmpty();
    }

    @Test
    void garbage_in_key_and_headers_is_no_reason_to_fail() {
        Headers headers = new RecordHeaders()
                .add("ce_id", new byte[] {(byte) 0xc3, 0x28})
                .add("twice", "1".getBytes(UTF_8))
                .add("twice", "2".getBytes(UTF_8))
                .add("nothing", null);
        Message message = codec.decode(received("strange", new byte[] {(byte) 0xff}, new byte[] {5}, headers));
        assertThat(message.id()).isEqualTo("\ufffd(");
        assertThat(message.key()).isEqualTo("\ufffd");
        assertThat(message.topic()).isEqualTo("strange");
        assertThat(message.headers()).containsEntry("twice", "2").containsEntry("nothing", "");
    }

    private static List<String> names(ProducerRecord<byte[], byte[]> record) {
        List<String> names = new ArrayList<>();
        record.headers().forEach(header -> names.add(header.key()));
        return names;
    }

    private static ConsumerRecord<byte[], byte[]> received(ProducerRecord<byte[], byte[]> record) {
        return received(record.topic(), record.key(), record.value(), record.headers());
    }

    private static ConsumerRecord<byte[], byte[]> received(String topic, byte[] key, byte[] value, Headers headers) {
        return new ConsumerRecord<>(
                topic, 3, 17, 0, TimestampType.CREATE_TIME, 0, 0, key, value, headers, Optional.empty());
    }

    private static void assertSame(Message found, Message expected) {
        assertThat(found).usingRecursiveComparison().isEqualTo(expected);
    }
}
