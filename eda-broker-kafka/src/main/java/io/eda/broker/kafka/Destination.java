package io.eda.broker.kafka;

import io.eda.transport.PublishException;
import io.eda.transport.PublishException.Reason;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A Kafka topic and what it is for. */
record Destination(String topic, Kind kind) {

    static final String DEAD_LETTERS = "dead-letters.";
    static final String REDELIVER = "redeliver.";
    private static final int MAX_GROUP_PART = 200;

    enum Kind {
        /** Messages for all groups. */
        EVENTS,
        /** What one group could not handle; compacted, so that a tombstone forgets a letter. */
        DEAD_LETTERS,
        /** Messages for one group alone. */
        REDELIVER
    }

    static Destination ofMessages(String messageTopic, KafkaTopics topics) {
        String named = topics.names().get(messageTopic);
        String topic = named == null ? topics.prefix() + messageTopic : named;
        if (!KafkaTopics.isLegal(topic)) {
            throw new PublishException(
                    Reason.UNROUTABLE,
                    "The topic '" + messageTopic + "' has no Kafka topic: '" + topic
                            + "' is no legal name of one, which has"
                            + " up to 249 letters, digits, '.', '_' and '-'. Name one in KafkaTopics.withNames");
        }
        return new Destination(topic, Kind.EVENTS);
    }

    static Destination deadLettersOf(String group) {
        return new Destination(DEAD_LETTERS + legal(group), Kind.DEAD_LETTERS);
    }

    static Destination redeliveryTo(String group) {
        return new Destination(REDELIVER + legal(group), Kind.REDELIVER);
    }

    // A group may be named by any text; two groups never share a topic, and one always has the same. A name with a
    // dot counts as odd, because Kafka refuses a topic that differs from another in '.' and '_' alone.
    private static String legal(String group) {
        if (KafkaTopics.isLegal(group) && !group.contains(".") && group.length() <= MAX_GROUP_PART) {
            return group;
        }
        String readable = group.replaceAll("[^A-Za-z0-9_-]", "_");
        return readable.substring(0, Math.min(100, readable.length())) + "-" + digest(group);
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256, but this one has not", e);
        }
    }
}
