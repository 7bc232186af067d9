package io.eda.broker.rabbitmq;

import java.nio.charset.StandardCharsets;

/**
 * The names on the broker. What is fixed stands before the group's name, so that no group can be named into another's.
 *
 * @param exchange the topic exchange
 */
record Names(String exchange) {

    private static final int MAX_BYTES = 255;

    /** Checks that the names of a group fit into AMQP's limit. */
    void check(String group) {
        String longest = partition(group, 99);
        int bytes = longest.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_BYTES) {
            throw new IllegalArgumentException("The group '" + group + "' would have a queue of " + bytes
                    + " bytes of name; AMQP allows " + MAX_BYTES + ": use a shorter name");
        }
    }

    /** The one queue of a group, where it is not partitioned. */
    String queue(String group) {
        return exchange + ".queue." + group;
    }

    /** A queue of a partitioned group. */
    String partition(String group, int index) {
        return exchange + ".queue-" + index + "." + group;
    }

    /** The exchange that spreads a partitioned group's messages by key. */
    String hash(String group) {
        return exchange + ".hash." + group;
    }

    /** The queue at which every member of a partitioned group is a consumer, so that they can be counted. */
    String members(String group) {
        return exchange + ".members." + group;
    }

    /** The dead-letter exchange of a group, and its queue. */
    String dead(String group) {
        return exchange + ".dead." + group;
    }

    /** The exchange that carries nothing and holds, as its argument, which types the group wants. */
    String types(String group) {
        return exchange + ".types." + group;
    }

    /** The value of that argument. It begins like all names, so that the rights of the account cover it. */
    String typesValue(String patterns) {
        return exchange + ".types:" + patterns;
    }
}
