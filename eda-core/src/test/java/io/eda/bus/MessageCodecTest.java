package io.eda.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eda.event.AggregateId;
import io.eda.event.EventRecord;
import io.eda.event.EventType;
import io.eda.event.Metadata;
import io.eda.transport.Message;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MessageCodecTest {

    private static final EventRecord PAID = new EventRecord(
            UUID.fromString("01920000-0000-7000-8000-000000000001"),
            EventType.of("order.paid", 2),
            Instant.parse("2026-01-02T03:04:05.678901Z"),
            "gespräch-1",
            "cause \"quoted\"",
            AggregateId.of("order", "42/ü 🙂"),
            7,
            "{ \"cents\" : 1.50, \"who\":\"Ada ✓\", \"data\":{\"id\":\"x\"} }".getBytes(StandardCharsets.UTF_8),
            Metadata.of(Map.of("traceparent", "00-1-2-03", "tenant", "größe", "Odd.Key", "a=b;\"c\"")));

    private final MessageCodec binary = new MessageCodec("/shop", false);
    private final MessageCodec structured = new MessageCodec("/shop", true);

    @Test
    void both_modes_bring_the_whole_record_back_byte_for_byte() {
        assertThat(binary.decode(binary.encode(PAID))).isEqualTo(PAID);
        assertThat(binary.decode(structured.encode(PAID))).isEqualTo(PAID);
        assertThat(structured.decode(binary.encode(PAID))).isEqualTo(PAID);
    }

    @Test
    void the_structured_mode_is_one_json_that_says_everything() {
        Message message = structured.encode(PAID);
        assertThat(new String(message.body(), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"specversion\":\"1.0\",\"id\":\"01920000-0000-7000-8000-000000000001\",\"source\":\"/shop\","
                                + "\"type\":\"order.paid\",\"time\":\"2026-01-02T03:04:05.678901Z\",\"subject\":\"42/ü 🙂\","
                                + "\"schemaversion\":2,\"aggregatetype\":\"order\",\"aggregateversion\":\"7\","
                                + "\"correlationid\":\"gespräch-1\",\"causationid\":\"cause \\\"quoted\\\"\","
                                + "\"traceparent\":\"00-1-2-03\","
                                + "\"edametadata\":\"{\\\"Odd.Key\\\":\\\"a=b;\\\\\\\"c\\\\\\\"\\\",\\\"tenant\\\":\\\"größe\\\"}\","
                                + "\"datacontenttype\":\"application/json\","
                                + "\"data\":{ \"cents\" : 1.50, \"who\":\"Ada ✓\", \"data\":{\"id\":\"x\"} }}");
        assertThat(message.headers())
                .containsOnly(
                        Map.entry("content-type", "application/cloudevents+json; charset=UTF-8"),
                        Map.entry("eventId", "01920000-0000-7000-8000-000000000001"),
                        Map.entry("eventType", "order.paid"),
                        Map.entry("traceparent", "00-1-2-03"));
        assertThat(message.key()).isEqualTo("42/ü 🙂");
    }

    @Test
    void the_binary_mode_has_the_envelope_in_headers_and_the_data_as_they_are() {
        Message message = binary.encode(PAID);
        assertThat(message.body()).isEqualTo(PAID.data());
        assertThat(message.headers())
                .containsOnly(
                        Map.entry("ce_specversion", "1.0"),
                        Map.entry("ce_id", "01920000-0000-7000-8000-000000000001"),
                        Map.entry("ce_type", "order.paid"),
                        Map.entry("ce_source", "/shop"),
                        Map.entry("ce_time", "2026-01-02T03:04:05.678901Z"),
                        Map.entry("ce_subject", "42/ü 🙂"),
                        Map.entry("ce_schemaversion", "2"),
                        Map.entry("ce_aggregatetype", "order"),
                        Map.entry("ce_aggregateversion", "7"),
                        Map.entry("ce_correlationid", "gespräch-1"),
                        Map.entry("ce_causationid", "cause \"quoted\""),
                        Map.entry("content-type", "application/json"),
                        Map.entry("eventId", "01920000-0000-7000-8000-000000000001"),
                        Map.entry("eventType", "order.paid"),
                        Map.entry("traceparent", "00-1-2-03"),
                        Map.entry("eda_tenant", "größe"),
                        Map.entry("eda_Odd.Key", "a=b;\"c\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cloudEvents_", "cloudEvents:", "ce-", "ce_"})
    void the_prefix_of_every_binding_is_read(String prefix) {
        Message written = binary.encode(PAID);
        Map<String, String> headers = new HashMap<>();
        written.headers().forEach((name, value) -> headers.put(name.replace("ce_", prefix), value));
        assertThat(binary.decode(with(headers, written.body()))).isEqualTo(PAID);
    }

    @Test
    void data_that_are_no_json_travel_as_base64_in_the_structured_mode() {
        for (byte[] data : new byte[][] {{1, 2, (byte) 0xff}, {}, "\"a\" \"b\"".getBytes(StandardCharsets.UTF_8)}) {
            EventRecord opaque = new EventRecord(
                    PAID.eventId(),
                    PAID.eventType(),
                    PAID.timestamp(),
                    PAID.correlationId(),
                    PAID.causationId(),
                    PAID.aggregateId(),
                    PAID.aggregateVersion(),
                    data,
                    PAID.metadata());
            assertThat(binary.decode(structured.encode(opaque))).isEqualTo(opaque);
        }
    }

    @Test
    void a_plain_json_envelope_is_read() {
        EventRecord read = binary.decode(with(
                Map.of(),
                """
                {"eventId":"01920000-0000-7000-8000-000000000001","eventType":"order.paid",
                 "timestamp":"2026-01-02T03:04:05.678901Z","correlationId":"talk","aggregateId":"42",
                 "aggregateVersion":7,"extra":{"a":[1]},"nothing":null,"data":{"cents": 150}}"""
                        .getBytes(StandardCharsets.UTF_8)));
        assertThat(read.eventType()).isEqualTo(EventType.of("order.paid"));
        assertThat(read.aggregateId()).isEqualTo(AggregateId.of("order", "42"));
        assertThat(read.aggregateVersion()).isEqualTo(7);
        assertThat(read.correlationId()).isEqualTo("talk");
        assertThat(read.causationId()).isEqualTo("talk");
        assertThat(new String(read.data(), StandardCharsets.UTF_8)).isEqualTo("{\"cents\": 150}");
    }

    @Test
    void a_foreign_cloud_event_needs_only_what_has_no_other_meaning() {
        Map<String, String> headers = Map.of(
                "ce_id", PAID.eventId().toString(),
                "ce_type", "order.paid",
                "ce_source", "/elsewhere",
                "ce_time", "2026-01-02T03:04:05Z",
                "ce_aggregateversion", "3");
        EventRecord read = binary.decode(with(headers, PAID.data()));
        assertThat(read.aggregateId()).isEqualTo(AggregateId.of("order", "42"));
        assertThat(read.eventType().version()).isEqualTo(1);
        assertThat(read.correlationId()).isEqualTo(PAID.eventId().toString());
    }

    @Test
    void what_is_missing_or_wrong_is_named() {
        assertUndecodable(Map.of(), "", "it has no header 'ce_id', and as a JSON envelope it is no JSON object");
        assertUndecodable(Map.of(), "{}", "it has no 'eventId'");
        assertUndecodable(Map.of(), "[1]", "it is no JSON object");
        assertUndecodable(Map.of(), "{\"eventId\":1} x", "it is no JSON");
        assertUndecodable(Map.of("ce_id", PAID.eventId().toString()), "{}", "it has no header 'ce_type'");
        assertUndecodable(Map.of("content-type", "application/cloudevents+json"), "{\"id\":", "it is no JSON");
        Map<String, String> headers = new HashMap<>(binary.encode(PAID).headers());
        headers.put("ce_time", "yesterday");
        assertUndecodable(headers, "{}", "its envelope is not valid: Text 'yesterday' could not be parsed");
        headers.put("ce_time", "2026-01-02T03:04:05Z");
        headers.put("ce_aggregateversion", "0");
        assertUndecodable(headers, "{}", "the first event of an aggregate has version 1");
    }

    private void assertUndecodable(Map<String, String> headers, String body, String why) {
        assertThatThrownBy(() -> binary.decode(with(headers, body.getBytes(StandardCharsets.UTF_8))))
                .isInstanceOf(UndecodableMessageException.class)
                .hasMessageContaining("order.paid order/42")
                .hasMessageContaining(why);
    }

    private static Message with(Map<String, String> headers, byte[] body) {
        return new Message("m", "order", "order.paid", "42", headers, body);
    }
}
