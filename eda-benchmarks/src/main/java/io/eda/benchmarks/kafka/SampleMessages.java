package io.eda.benchmarks.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eda.transport.Message;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Messages as an event bus makes them: 250 bytes of text, eight headers, a thousand keys; made before, and used in turn. */
final class SampleMessages {

    static final String TOPIC = "order";
    static final String TYPE = "order.created";
    private static final int COUNT = 20_000;
    private static final int KEYS = 1_000;
    private static final int BYTES = 250;

    private final Message[] messages = new Message[COUNT];
    private int next;

    SampleMessages() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < COUNT; i++) {
            messages[i] = message("key-" + i % KEYS, new UUID(random.nextLong(), random.nextLong()), body(random));
        }
    }

    static String description() {
        return BYTES + " bytes of body, 8 headers, " + KEYS + " keys, 6 partitions";
    }

    private static Message message(String key, UUID id, byte[] body) {
        Map<String, String> headers = new HashMap<>();
        headers.put("ce_specversion", "1.0");
        headers.put("ce_id", id.toString());
        headers.put("ce_type", TYPE);
        headers.put("ce_source", "/benchmarks");
        headers.put("ce_time", "2026-11-25T20:00:00.123456Z");
        headers.put("ce_subject", key);
        headers.put("content-type", "application/json");
        headers.put("ce_aggregateversion", "1");
        return new Message(id.toString(), TOPIC, TYPE, key, headers, body);
    }

    // Neither constant, which compresses to nothing, nor random, which does not compress at all.
    private static byte[] body(SplittableRandom random) {
        StringBuilder text = new StringBuilder("{\"customer\":\"ada\",\"note\":\"");
        while (text.length() < BYTES - 2) {
            text.append(Long.toString(random.nextLong(1_000_000), 36)).append(" is the item, ");
        }
        text.setLength(BYTES - 2);
        return text.append("\"}").toString().getBytes(UTF_8);
    }

    Message next() {
        Message message = messages[next];
        next = (next + 1) % COUNT;
        return message;
    }

    /** Returns {@code message} as the driver wants it. */
    static ProducerRecord<byte[], byte[]> record(Message message, String topic) {
        RecordHeaders headers = new RecordHeaders();
        message.headers().forEach((name, value) -> headers.add(new RecordHeader(name, value.getBytes(UTF_8))));
        return new ProducerRecord<>(topic, null, message.key().getBytes(UTF_8), message.body(), headers);
    }
}
