package io.eda.broker.rabbitmq;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What the transport declares on the broker. All transports of one system say the same.
 *
 * @param exchange the durable topic exchange to which all is published, and the beginning of every other name: letters, digits
 *     and {@code . _ - :}, 1 to 40 characters, not beginning with {@code amq.}. Default {@code eda.events}
 * @param partitions over how many queues an ordered group is spread by key, each with one active consumer: 0 to 64. With 0, the
 *     default, a group has one queue, and the order by key holds within one member. From 1 on it holds over all members; this
 *     needs the plugin {@code rabbitmq_consistent_hash_exchange}. The number may grow, and never shrink
 * @param deliveryLimit after how many returned deliveries the broker itself makes a message a dead letter: the last net under
 *     a message that kills its members; far above the attempts that a subscription allows. Default 10 000
 * @param queueArguments more arguments for the queues of groups, or others, such as {@code x-max-length-bytes}; policies of
 *     the broker do the same, and can be changed later
 */
public record RabbitMqTopology(String exchange, int partitions, int deliveryLimit, Map<String, Object> queueArguments) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:-]{1,40}");
    private static final int MAX_PARTITIONS = 64;

    private static final RabbitMqTopology DEFAULTS = new RabbitMqTopology("eda.events", 0, 10_000, Map.of());

    /** Checks the limits, and copies the arguments. */
    public RabbitMqTopology {
        if (!NAME.matcher(exchange).matches() || exchange.startsWith("amq.")) {
            throw new IllegalArgumentException(
                    "'" + exchange + "' cannot name the exchange: use 1 to 40 letters, digits,"
                            + " '.', '_', '-' and ':', not beginning with 'amq.', such as 'eda.events'");
        }
        if (partitions < 0 || partitions > MAX_PARTITIONS) {
            throw new IllegalArgumentException(
                    partitions + " partitions: use 1 to " + MAX_PARTITIONS + ", or 0 for one queue a group");
        }
        if (deliveryLimit < 1) {
            throw new IllegalArgumentException(
                    "A delivery limit of " + deliveryLimit
                            + ": allow at least 1; without a limit the broker would put a message that failed at the end of its queue");
        }
        queueArguments = Map.copyOf(queueArguments);
    }

    /** Returns the defaults. */
    public static RabbitMqTopology defaults() {
        return DEFAULTS;
    }

    /** Returns a copy with another exchange. */
    public RabbitMqTopology withExchange(String newExchange) {
        return new RabbitMqTopology(newExchange, partitions, deliveryLimit, queueArguments);
    }

    /** Returns a copy with another number of partitions. */
    public RabbitMqTopology withPartitions(int newPartitions) {
        return new RabbitMqTopology(exchange, newPartitions, deliveryLimit, queueArguments);
    }

    /** Returns a copy with another delivery limit. */
    public RabbitMqTopology withDeliveryLimit(int newDeliveryLimit) {
        return new RabbitMqTopology(exchange, partitions, newDeliveryLimit, queueArguments);
    }

    /** Returns a copy with one more argument for the queues of groups. */
    public RabbitMqTopology withQueueArgument(String name, Object value) {
        Map<String, Object> more = new HashMap<>(queueArguments);
        more.put(name, value);
        return new RabbitMqTopology(exchange, partitions, deliveryLimit, more);
    }
}
