package io.eda.broker.kafka;

import io.eda.transport.EncodedHeaders;
import io.eda.transport.HeaderNames;
import io.eda.transport.Message;
import io.eda.transport.PublishException;
import io.eda.transport.PublishException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * Messages as Kafka records. A CloudEvent travels as it is; what a message has beside its headers, and a CloudEvent would
 * tell, goes into headers of our own, which readers take off again. Every record, whoever wrote it, can be read: what is
 * missing in it is for the core to find.
 */
final class RecordCodec {

    private static final String CE_ID = "ce_id";
    private static final String CE_TYPE = "ce_type";
    private static final String EVENT_ID = "eventId";
    private static final String EVENT_TYPE = "eventType";

    private static final String OWN = "eda-message-";
    private static final String OWN_ID = OWN + "id";
    private static final String OWN_TYPE = OWN + "type";
    private static final String OWN_TOPIC = OWN + "topic";
    private static final String OWN_KEY = OWN + "key";
    private static final String OWN_ATTEMPTS = OWN + "attempts";
    private static final Set<String> OWN_NAMES = Set.of(OWN_ID, OWN_TYPE, OWN_TOPIC, OWN_KEY, OWN_ATTEMPTS);
    private static final byte[] EMPTY = {};

    private final String prefix;
    // By the broker's topics, of which there are few.
    private final Map<String, String> messageTopics = new ConcurrentHashMap<>();

    // Of the record before, which has the same most of the time. Two threads may each keep their own.
    private Layout latest = Layout.of(new Header[0]);

    RecordCodec(KafkaTopics topics) {
        this.prefix = topics.prefix();
        topics.names().forEach((messageTopic, topic) -> messageTopics.put(topic, messageTopic));
    }

    /** Returns the record; the body is the message's own. */
    ProducerRecord<byte[], byte[]> encode(Message message, Destination destination) {
        List<Header> headers = new ArrayList<>(message.headers().size() + 4);
        message.headers().forEach((name, value) -> {
            if (OWN_NAMES.contains(name)) {
                throw new PublishException(
                        Reason.REFUSED,
                        "The message " + message + " has a header '" + name
                                + "', a name that the transport needs: call it otherwise");
            }
            headers.add(header(name, value));
        });
        if (!message.id().equals(message.headers().get(CE_ID))) {
            headers.add(header(OWN_ID, message.id()));
        }
        if (!message.type().equals(message.headers().get(CE_TYPE))) {
            headers.add(header(OWN_TYPE, message.type()));
        }
        boolean isLetter = destination.kind() == Destination.Kind.DEAD_LETTERS;
        if (destination.kind() != Destination.Kind.EVENTS) {
            headers.add(header(OWN_TOPIC, message.topic()));
        }
        if (isLetter) {
            headers.add(header(OWN_KEY, message.key()));
        }
        // Letters are kept by their id, so that a tombstone with that key forgets one.
        byte[] key = utf8(isLetter ? message.id() : message.key());
        return new ProducerRecord<>(destination.topic(), null, null, key, message.body(), headers);
    }

    /** Makes a record for a group itself, of a message and the attempts that were made with it. */
    interface Again {
        ProducerRecord<byte[], byte[]> of(Message message, int attempts);
    }

    /** Returns the record of a message that a group gets once more, after so many attempts. */
    ProducerRecord<byte[], byte[]> encodeAgain(Message message, Destination destination, int attempts) {
        ProducerRecord<byte[], byte[]> record = encode(message, destination);
        record.headers().add(header(OWN_ATTEMPTS, Integer.toString(attempts)));
        return record;
    }

    /** Returns which attempt a record of a share group is: by the broker's count, over those that were made before. */
    static int attemptOf(ConsumerRecord<byte[], byte[]> record) {
        int counted = record.deliveryCount().orElse((short) 1);
        Header before = record.headers().lastHeader(OWN_ATTEMPTS);
        try {
            return counted + (before == null ? 0 : Integer.parseInt(text(before.value())));
        } catch (NumberFormatException e) {
            // Not written by us, so it counts nothing.
            return counted;
        }
    }

    /** Returns the type of the message in {@code record}, empty where it tells none, without reading the rest. */
    String typeOf(ConsumerRecord<byte[], byte[]> record) {
        return first(record, OWN_TYPE, CE_TYPE, EVENT_TYPE, "");
    }

    /** Returns the id of the message in {@code record}, without reading the rest; empty where nobody gave it one. */
    String idOf(ConsumerRecord<byte[], byte[]> record) {
        return first(record, OWN_ID, CE_ID, EVENT_ID, "");
    }

    /** Returns the message in {@code record}. */
    Message decode(ConsumerRecord<byte[], byte[]> record) {
        Header[] headers = record.headers().toArray();
        byte[][] values = new byte[headers.length][];
        for (int i = 0; i < headers.length; i++) {
            byte[] value = headers[i].value();
            values[i] = value == null ? EMPTY : value;
        }
        Layout layout = layoutOf(headers);
        EncodedHeaders all = new EncodedHeaders(layout.names, values);
        String id = layout.id < 0 ? "" : all.at(layout.id);
        return new Message(
                id.isEmpty() ? positionOf(record) : id,
                layout.topic < 0 ? messageTopic(record.topic()) : all.at(layout.topic),
                layout.type < 0 ? "" : all.at(layout.type),
                layout.key < 0 ? keyOf(record) : all.at(layout.key),
                layout.hasOwn ? withoutOwn(all) : all,
                record.value() == null ? EMPTY : record.value());
    }

    private Layout layoutOf(Header[] headers) {
        Layout layout = latest;
        if (!layout.isOf(headers)) {
            layout = Layout.of(headers);
            latest = layout;
        }
        return layout;
    }

    private static Map<String, String> withoutOwn(EncodedHeaders all) {
        Map<String, String> others = new HashMap<>(all);
        others.keySet().removeAll(OWN_NAMES);
        return others;
    }

    /** Returns what is left of {@code record} when its headers cannot be read: its place, its key and its value. */
    Message bare(ConsumerRecord<byte[], byte[]> record) {
        return new Message(
                positionOf(record),
                messageTopic(record.topic()),
                "",
                keyOf(record),
                Map.of(),
                record.value() == null ? EMPTY : record.value());
    }

    static String keyOf(ConsumerRecord<byte[], byte[]> record) {
        return text(record.key());
    }

    /** Returns {@code topic/partition@offset}. */
    static String positionOf(ConsumerRecord<?, ?> record) {
        return position(new TopicPartition(record.topic(), record.partition()), record.offset());
    }

    /** Returns {@code topic/partition@offset}. */
    static String position(TopicPartition partition, long offset) {
        return partition.topic() + "/" + partition.partition() + "@" + offset;
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private String messageTopic(String topic) {
        return messageTopics.computeIfAbsent(
                topic, other -> other.startsWith(prefix) ? other.substring(prefix.length()) : other);
    }

    private static String first(
            ConsumerRecord<?, ?> record, String own, String cloudEvent, String plain, String otherwise) {
        for (String name : new String[] {own, cloudEvent, plain}) {
            Header header = record.headers().lastHeader(name);
            if (header != null) {
                return text(header.value());
            }
        }
        return otherwise;
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, utf8(value));
    }

    // Bytes that are no UTF-8 become replacement characters: a record of garbage must still reach the dead letters.
    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }

    /** The names of a record's headers, where those stand that every message is made of, -1 without, and whether some are our own. */
    private record Layout(HeaderNames names, int id, int type, int topic, int key, boolean hasOwn) {

        static Layout of(Header[] headers) {
            List<String> names = Stream.of(headers).map(Header::key).toList();
            return new Layout(
                    HeaderNames.of(names),
                    firstOf(names, OWN_ID, CE_ID, EVENT_ID),
                    firstOf(names, OWN_TYPE, CE_TYPE, EVENT_TYPE),
                    names.lastIndexOf(OWN_TOPIC),
                    names.lastIndexOf(OWN_KEY),
                    names.stream().anyMatch(OWN_NAMES::contains));
        }

        private static int firstOf(List<String> names, String own, String cloudEvent, String plain) {
            int index = names.lastIndexOf(own);
            if (index < 0) {
                index = names.lastIndexOf(cloudEvent);
            }
            return index < 0 ? names.lastIndexOf(plain) : index;
        }

        boolean isOf(Header[] headers) {
            boolean isSame = headers.length == names.count();
            for (int i = 0; i < headers.length && isSame; i++) {
                isSame = headers[i].key().equals(names.at(i));
            }
            return isSame;
        }
    }
}
