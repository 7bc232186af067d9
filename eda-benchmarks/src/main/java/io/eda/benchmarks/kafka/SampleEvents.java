package io.eda.benchmarks.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eda.transport.Message;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/** Messages that a bus can decode, each with an id of its own: 250 bytes of JSON, a thousand aggregates. */
final class SampleEvents implements Supplier<Message> {

    static final String TYPE = "order.created";
    private static final int KEYS = 1_000;
    private static final int BYTES = 250;
    private static final byte[] BODY =
            ("{\"text\":\"" + "x".repeat(BYTES - "{\"text\":\"\"}".length()) + "\"}").getBytes(UTF_8);

    private int made;

    /** The data. */
    record Noted(String text) {}

    static String description() {
        return BYTES + " bytes of JSON, " + KEYS + " aggregates, 6 partitions";
    }

    @Override
    public Message get() {
        String id = UUID.randomUUID().toString();
        String key = "key-" + made % KEYS;
        Map<String, String> headers = new HashMap<>();
        headers.put("ce_specversion", "1.0");
        headers.put("ce_id", id);
        headers.put("ce_type", TYPE);
        headers.put("ce_source", "/benchmarks");
        headers.put("ce_time", "2026-11-25T20:00:00.123456Z");
        headers.put("ce_subject", key);
        headers.put("content-type", "application/json");
        headers.put("ce_correlationid", id);
        made++;
        return new Message(id, SampleMessages.TOPIC, TYPE, key, headers, BODY);
    }
}
