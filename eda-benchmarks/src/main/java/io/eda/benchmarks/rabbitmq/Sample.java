package io.eda.benchmarks.rabbitmq;

import com.rabbitmq.client.AMQP;
import io.eda.transport.Message;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** The message that everybody sends: 250 bytes of body under the headers of a CloudEvent, of a thousand keys. */
final class Sample {

    static final String TYPE = "order.created";
    static final byte[] BODY = new byte[250];

    private static final int KEYS = 1_000;
    private static final String ID = UUID.randomUUID().toString();
    private static final Map<String, String> HEADERS = Map.of(
            "ce_specversion", "1.0",
            "ce_id", ID,
            "ce_type", TYPE,
            "ce_source", "/bench",
            "ce_aggregatetype", "order",
            "ce_schemaversion", "1",
            "ce_aggregateversion", "42",
            "ce_correlationid", ID,
            "ce_causationid", ID,
            "content-type", "application/json");

    private Sample() {}

    static String id(long number) {
        return "message-" + number;
    }

    private static String key(long number) {
        return "key-" + number % KEYS;
    }

    static Message message(long number) {
        return new Message(id(number), "order", TYPE, key(number), HEADERS, BODY);
    }

    /** The same as our transport writes it. */
    static AMQP.BasicProperties properties(long number) {
        Map<String, Object> headers = new HashMap<>();
        HEADERS.forEach((name, value) -> {
            if (name.startsWith("ce_")) {
                headers.put("cloudEvents_" + name.substring(3), value);
            }
        });
        headers.put("eda-key", key(number));
        return new AMQP.BasicProperties.Builder()
                .headers(headers)
                .contentType("application/json")
                .appId("/bench")
                .messageId(id(number))
                .type(TYPE)
                .timestamp(Date.from(Instant.EPOCH))
                .deliveryMode(2)
                .build();
    }
}
