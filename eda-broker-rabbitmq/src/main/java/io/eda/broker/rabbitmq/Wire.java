package io.eda.broker.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.LongString;
import io.eda.transport.Message;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Messages as AMQP has them: CloudEvents in binary mode, with the prefix that RabbitMQ turns into a CloudEvent of AMQP 1.0. The
 * same facts stand in the properties that operators look at.
 */
final class Wire {

    /** The header that keeps the key: what partitions are chosen by. */
    static final String KEY = "eda-key";

    private static final String TOPIC = "eda-topic";
    private static final String CORE = "ce_";
    private static final String WIRE = "cloudEvents_";
    private static final List<String> READ = List.of(WIRE, "cloudEvents:", "ce-", CORE);
    private static final String CONTENT_TYPE = "content-type";
    private static final Set<String> BROKERS = Set.of(
            "x-death",
            "x-delivery-count",
            "x-acquired-count",
            "x-first-death-exchange",
            "x-first-death-queue",
            "x-first-death-reason",
            "x-last-death-exchange",
            "x-last-death-queue",
            "x-last-death-reason");

    private static final int PERSISTENT = 2;
    private static final int MAX_SHORT = 255;
    // The frame's own bytes, the class, the flags, the body's size and the table's length.
    private static final int FRAME_OVERHEAD = 64;

    private Wire() {}

    static AMQP.BasicProperties properties(Message message) {
        Map<String, Object> headers = new HashMap<>();
        message.headers().forEach((name, value) -> {
            if (name.startsWith(CORE)) {
                headers.put(WIRE + name.substring(CORE.length()), value);
            } else if (!name.equals(CONTENT_TYPE) || !isShort(value)) {
                headers.put(name, value);
            }
        });
        headers.put(KEY, message.key());
        if (!message.topic().equals(message.headers().get("ce_aggregatetype"))) {
            headers.put(TOPIC, message.topic());
        }
        return new AMQP.BasicProperties.Builder()
                .headers(headers)
                .contentType(shortHeader(message, CONTENT_TYPE))
                .appId(shortHeader(message, "ce_source"))
                .timestamp(timestamp(message.headers().get("ce_time")))
                .messageId(message.id())
                .type(message.type())
                .deliveryMode(PERSISTENT)
                .build();
    }

    private static @Nullable String shortHeader(Message message, String name) {
        String value = message.headers().get(name);
        return value != null && isShort(value) ? value : null;
    }

    private static @Nullable Date timestamp(@Nullable String time) {
        try {
            return time == null ? null : Date.from(Instant.parse(time));
        } catch (DateTimeException | IllegalArgumentException e) {
            // Not ours to judge: the header goes as it is.
            return null;
        }
    }

    /** What would make the client fail in the midst of writing, or the broker close the channel; nothing where all is well. */
    static Optional<String> unfit(Message message) {
        if (!isShort(message.id())) {
            return Optional.of("its id is longer than 255 bytes, which is AMQP's limit: use a shorter one");
        }
        if (!isShort(message.type())) {
            return Optional.of("its type is longer than 255 bytes, which is AMQP's limit: use a shorter one");
        }
        return message.headers().keySet().stream()
                .filter(name -> !isShort(WIRE + name))
                .findFirst()
                .map(name -> "the name of its header '" + name.substring(0, 40)
                        + "…' is longer than AMQP allows: use a shorter one");
    }

    private static boolean isShort(String text) {
        return text.length() <= MAX_SHORT / 3 || utf8(text) <= MAX_SHORT;
    }

    /** How many bytes the properties take at most, in the one frame that they must fit into. */
    static int size(AMQP.BasicProperties properties) {
        int size = FRAME_OVERHEAD + 5 * (MAX_SHORT + 1);
        for (Map.Entry<String, Object> header : properties.getHeaders().entrySet()) {
            size += 6 + utf8(header.getKey()) + utf8(String.valueOf(header.getValue()));
        }
        return size;
    }

    private static int utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    static Message message(Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
        Map<String, String> headers = new HashMap<>();
        if (properties.getHeaders() != null) {
            properties.getHeaders().forEach((name, value) -> read(headers, name, value));
        }
        if (properties.getContentType() != null) {
            headers.put(CONTENT_TYPE, properties.getContentType());
        }
        String key = headers.remove(KEY);
        String topic = headers.remove(TOPIC);
        String id = first(properties.getMessageId(), headers.get("ce_id"), () -> fallbackId(body));
        String type = first(properties.getType(), headers.get("ce_type"), envelope::getRoutingKey);
        return new Message(
                id,
                first(topic, headers.get("ce_aggregatetype"), () -> firstWord(type)),
                type,
                // Without any key, none but itself is to wait for it.
                first(key, headers.get("ce_subject"), () -> id),
                headers,
                body);
    }

    private static void read(Map<String, String> headers, String name, @Nullable Object value) {
        if (BROKERS.contains(name)) {
            return;
        }
        String text = text(value);
        if (text == null) {
            return;
        }
        for (String prefix : READ) {
            if (name.startsWith(prefix)) {
                headers.put(CORE + name.substring(prefix.length()), text);
                return;
            }
        }
        headers.put(name, text);
    }

    /** Values that other clients write with a type; what is no text, such as a table, is nothing to the core. */
    private static @Nullable String text(@Nullable Object value) {
        if (value instanceof LongString
                || value instanceof String
                || value instanceof Number
                || value instanceof Boolean) {
            return value.toString();
        }
        return value instanceof Date date ? date.toInstant().toString() : null;
    }

    private static String first(@Nullable String a, @Nullable String b, Supplier<String> c) {
        return a != null ? a : b != null ? b : c.get();
    }

    /** The same for the same body, so that a message without an id can be found again among the dead letters. */
    private static String fallbackId(byte[] body) {
        return UUID.nameUUIDFromBytes(body).toString();
    }

    private static String firstWord(String type) {
        int dot = type.indexOf('.');
        return dot < 0 ? type : type.substring(0, dot);
    }

    /** How many deliveries the broker has counted before this one. */
    static int earlierDeliveries(Envelope envelope, AMQP.BasicProperties properties) {
        Map<String, Object> headers = properties.getHeaders();
        Object count = headers == null ? null : headers.get("x-delivery-count");
        if (count instanceof Number number) {
            return (int) Math.min(number.longValue(), Integer.MAX_VALUE - 1);
        }
        return envelope.isRedeliver() ? 1 : 0;
    }
}
