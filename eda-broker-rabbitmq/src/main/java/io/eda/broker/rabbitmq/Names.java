package io.eda.broker.rabbitmq;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * The names on the broker. What is fixed stands before the group's name, so that no group can be named into another's.
 *
 * @param exchange the topic exchange
 */
record Names(String exchange) {

    // Leaves room for the exchange's name within the 255 bytes of AMQP.
    private static final int MAX_GROUP_BYTES = 190;
    private static final int KEPT_CHARACTERS = 30;

    /** The group's own name, or, where that is too long for AMQP, its beginning and a fingerprint of the whole. */
    private static String fitting(String group) {
        byte[] bytes = group.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= MAX_GROUP_BYTES
                ? group
                : group.substring(0, group.offsetByCodePoints(0, KEPT_CHARACTERS)) + "~"
                        + UUID.nameUUIDFromBytes(bytes);
    }

    /** The one queue of a group, where it is not partitioned. */
    String queue(String group) {
        return exchange + ".queue." + fitting(group);
    }

    /** A queue of a partitioned group. */
    String partition(String group, int index) {
        return exchange + ".queue-" + index + "." + fitting(group);
    }

    /** The exchange that spreads a partitioned group's messages by key. */
    String hash(String group) {
        return exchange + ".hash." + fitting(group);
    }

    /** The queue at which every member of a partitioned group is a consumer, so that they can be counted. */
    String members(String group) {
        return exchange + ".members." + fitting(group);
    }

    /** The dead-letter exchange of a group, and its queue. */
    String dead(String group) {
        return exchange + ".dead." + fitting(group);
    }

    /** The exchange that carries nothing and holds, as its argument, which types the group wants. */
    String types(String group) {
        return exchange + ".types." + fitting(group);
    }

    /** The value of that argument. It begins like all names, so that the rights of the account cover it. */
    String typesValue(String patterns) {
        return exchange + ".types:" + patterns;
    }
}
