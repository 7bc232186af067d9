package io.eda.broker.rabbitmq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Envelope;
import io.eda.transport.Message;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class WireTest {

    private static final Envelope ENVELOPE = new Envelope(1, false, "eda.events", "order.created");

    @Test
    void an_event_is_written_as_a_cloud_event_with_what_operators_look_at() {
        Message message = new Message(
                "id-1",
                "order",
                "order.created",
                "42",
                Map.of(
                        "ce_id", "id-1",
                        "ce_source", "/shop",
                        "ce_time", "2026-01-02T03:04:05Z",
                        "ce_aggregatetype", "order",
                        "content-type", "application/json",
                        "traceparent", "00-1-2-01"),
                new byte[0]);

        BasicProperties properties = Wire.properties(message);

        assertThat(properties.getHeaders())
                .containsEntry("cloudEvents_id", "id-1")
                .containsEntry("traceparent", "00-1-2-01")
                .doesNotContainKeys("ce_id", "content-type", "eda-topic");
        assertThat(properties.getDeliveryMode()).as("persistent").isEqualTo(2);
        assertThat(properties.getMessageId()).isEqualTo("id-1");
        assertThat(properties.getType()).isEqualTo("order.created");
        assertThat(properties.getContentType()).isEqualTo("application/json");
        assertThat(properties.getAppId()).isEqualTo("/shop");
        assertThat(properties.getTimestamp().toInstant()).hasToString("2026-01-02T03:04:05Z");
    }

    @Test
    void what_is_written_is_read_as_it_was() {
        Message written = new Message(
                "id-1",
                "order",
                "order.created",
                "ключ",
                Map.of("ce_type", "order.created", "note", "ä"),
                "{}".getBytes(UTF_8));

        Message read = Wire.message(ENVELOPE, Wire.properties(written), written.body());

        assertThat(read.id()).isEqualTo("id-1");
        assertThat(read.topic()).isEqualTo("order");
        assertThat(read.type()).isEqualTo("order.created");
        assertThat(read.key()).isEqualTo("ключ");
        assertThat(read.headers()).isEqualTo(written.headers());
    }

    @ParameterizedTest
    @ValueSource(strings = {"cloudEvents_", "cloudEvents:", "ce-", "ce_"})
    void other_writers_prefixes_are_read_too(String prefix) {
        Message read = Wire.message(ENVELOPE, headers(Map.of(prefix + "subject", "42")), new byte[0]);

        assertThat(read.headers()).containsEntry("ce_subject", "42");
        assertThat(read.key()).isEqualTo("42");
    }

    @Test
    void a_message_that_says_nothing_of_itself_still_comes_through() {
        byte[] body = "raw".getBytes(UTF_8);

        Message read = Wire.message(ENVELOPE, new BasicProperties(), body);
        Message again = Wire.message(ENVELOPE, new BasicProperties(), body);

        assertThat(read.type()).as("from the routing key").isEqualTo("order.created");
        assertThat(read.topic()).isEqualTo("order");
        assertThat(read.key()).as("none waits for it").isEqualTo(read.id());
        assertThat(again.id()).as("found again among the dead letters").isEqualTo(read.id());
    }

    @Test
    void values_with_a_type_become_text_and_the_brokers_own_headers_are_left_out() {
        Map<String, Object> headers = new HashMap<>();
        headers.put("number", 7);
        headers.put("flag", true);
        headers.put("date", Date.from(Instant.EPOCH));
        headers.put("table", Map.of("a", 1));
        headers.put("x-delivery-count", 3L);

        Message read = Wire.message(ENVELOPE, headers(headers), new byte[0]);

        assertThat(read.headers())
                .containsOnly(
                        Map.entry("number", "7"), Map.entry("flag", "true"), Map.entry("date", "1970-01-01T00:00:00Z"));
        assertThat(Wire.earlierDeliveries(ENVELOPE, headers(headers))).isEqualTo(3);
    }

    @Test
    void what_amqp_cannot_carry_is_told_before_it_is_sent() {
        assertThat(Wire.unfit(message("i".repeat(256), "a.b")))
                .hasValueSatisfying(why -> assertThat(why).contains("id"));
        assertThat(Wire.unfit(message("id", "ä".repeat(128))))
                .hasValueSatisfying(why -> assertThat(why).contains("type"));
        assertThat(Wire.unfit(message("id", "ä".repeat(127)))).isEmpty();
    }

    private static Message message(String id, String type) {
        return new Message(id, "order", type, "42", Map.of(), new byte[0]);
    }

    private static BasicProperties headers(Map<String, Object> headers) {
        return new BasicProperties.Builder().headers(headers).build();
    }
}
