package io.eda.broker.rabbitmq;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Connection;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.TypePattern;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * What stands on the broker, and how it gets there. Everything is declared again at every start and after every loss, by any
 * number of members at once; nothing is ever deleted.
 *
 * <pre>
 *   events ─ topic ──── order.* ───► events.queue.G ───── rejected ──► events.dead.G ─► events.dead.G
 *      (exchange)        (quorum, delivery limit, at-least-once dead letters)  (fanout)      (quorum)
 *
 *   partitioned:        order.* ───► events.hash.G ─ by eda-key ─► events.queue-0.G … (one active consumer each)
 * </pre>
 *
 * <p>AMQP cannot list bindings, so which types a group wants stands in an argument of {@code events.types.G}, an exchange
 * that carries nothing: a member that wants others is refused, with both.
 */
final class Topology {

    // Letters are looked at often, and each look counts as a delivery; without any limit the broker would turn their
    // order.
    private static final int LETTERS_DELIVERY_LIMIT = 2_000_000_000;

    private static final int MAX_VALUE = 200;
    private static final Pattern INEQUIVALENT = Pattern.compile("received '(.*)' but current is '(.*)'");

    private final RabbitMqTopology options;
    private final Names names;
    private final Connector connector;
    private volatile boolean isHashKnown;

    Topology(RabbitMqTopology options, Connector connector) {
        this.options = options;
        this.names = new Names(options.exchange());
        this.connector = connector;
    }

    Names names() {
        return names;
    }

    /** Whether the group of this request is spread over queues by key. */
    boolean isPartitioned(ReceiveRequest request) {
        return request.isOrdered() && options.partitions() > 0;
    }

    /** The queues that members of the group consume. */
    List<String> queues(ReceiveRequest request) {
        return isPartitioned(request)
                ? IntStream.range(0, options.partitions())
                        .mapToObj(i -> names.partition(request.group(), i))
                        .toList()
                : List.of(names.queue(request.group()));
    }

    void declareExchange(Connection connection) throws IOException {
        declare(connection, exchange(names.exchange(), "topic", Map.of()));
    }

    void declareDeadLetters(Connection connection, String group) throws IOException {
        String dead = names.dead(group);
        declare(connection, exchange(dead, "fanout", Map.of()));
        declare(connection, queue(dead, Map.of("x-queue-type", "quorum", "x-delivery-limit", LETTERS_DELIVERY_LIMIT)));
        bind(connection, "the dead letters of " + group, channel -> channel.queueBind(dead, dead, ""));
    }

    /**
     * Declares all that the group needs, or finds it.
     *
     * @throws IllegalArgumentException if the group wants other types
     * @throws RabbitMqRefusedException if something else stands there
     */
    void declareGroup(Connection connection, ReceiveRequest request) throws IOException, TimeoutException {
        declareExchange(connection);
        declareTypes(connection, request);
        declareDeadLetters(connection, request.group());
        if (isPartitioned(request)) {
            declarePartitions(connection, request);
        } else {
            declareQueue(connection, request);
        }
    }

    private void declareTypes(Connection connection, ReceiveRequest request) throws IOException {
        String wanted = names.typesValue(patterns(request));
        try {
            declare(connection, exchange(names.types(request.group()), "fanout", Map.of("alternate-exchange", wanted)));
        } catch (RabbitMqRefusedException e) {
            Matcher difference = INEQUIVALENT.matcher(String.valueOf(e.getMessage()));
            if (e.reason() != RabbitMqRefusedException.Reason.TOPOLOGY || !difference.find()) {
                throw e;
            }
            throw new IllegalArgumentException(
                    "The group '" + request.group() + "' receives " + difference.group(2)
                            + " on the broker, and this member"
                            + " wants " + wanted
                            + ". Members share the work, so they want the same: use another group; or,"
                            + " when all members have been changed, unbind from the group's queue what is no longer"
                            + " wanted, and delete the exchange '" + names.types(request.group())
                            + "', which holds nothing else; the next member declares it anew.",
                    e);
        }
    }

    private static String patterns(ReceiveRequest request) {
        String all = String.join(
                ",", request.types().stream().map(TypePattern::pattern).sorted().toList());
        return all.length() <= MAX_VALUE ? all : request.types().size() + " types, " + fingerprint(all);
    }

    private static String fingerprint(String text) {
        return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private void declareQueue(Connection connection, ReceiveRequest request) throws IOException {
        String queue = names.queue(request.group());
        if (exists(connection, names.partition(request.group(), 0))) {
            throw otherShape(request.group(), "is spread over partitions", "as many partitions as there are queues");
        }
        declare(connection, queue(queue, arguments(request.group(), false)));
        for (TypePattern pattern : request.types()) {
            bind(connection, queue, channel -> channel.queueBind(queue, names.exchange(), pattern.pattern()));
        }
    }

    private void declarePartitions(Connection connection, ReceiveRequest request) throws IOException, TimeoutException {
        String group = request.group();
        String hash = names.hash(group);
        if (exists(connection, names.queue(group))) {
            throw otherShape(group, "has one queue", "0 partitions");
        }
        if (exists(connection, names.partition(group, options.partitions()))) {
            throw otherShape(group, "has more than " + options.partitions() + " partitions", "their whole number");
        }
        declareHash(connection, hash);
        for (String queue : queues(request)) {
            declare(connection, queue(queue, arguments(group, true)));
            // The routing key is a weight here.
            bind(connection, queue, channel -> channel.queueBind(queue, hash, "1"));
        }
        declare(connection, queue(names.members(group), Map.of("x-queue-type", "quorum")));
        for (TypePattern pattern : request.types()) {
            bind(connection, hash, channel -> channel.exchangeBind(hash, names.exchange(), pattern.pattern()));
        }
    }

    /** For the first time on a connection of its own: a broker without the plugin closes the whole connection. */
    private void declareHash(Connection connection, String hash) throws IOException, TimeoutException {
        Declaration declaration = exchange(hash, "x-consistent-hash", Map.of("hash-header", Wire.KEY));
        if (isHashKnown) {
            // Where the plugin was taken away in the meantime, only the first one who asks loses his connection.
            isHashKnown = false;
            declare(connection, declaration);
        } else {
            try (Connection own = connector.open("eda-declare", socket -> {})) {
                declare(own, declaration);
            } catch (AlreadyClosedException e) {
                throw new IOException("The connection to declare '" + hash + "' ended", e);
            }
        }
        isHashKnown = true;
    }

    private static RabbitMqRefusedException otherShape(String group, String found, String remedy) {
        return new RabbitMqRefusedException(
                RabbitMqRefusedException.Reason.TOPOLOGY,
                "The group '" + group + "' " + found + " on the broker, and this member is to use it otherwise: what is"
                        + " published would wait where nobody looks. Nothing was changed. Use " + remedy
                        + ", or another group.",
                new IllegalStateException(found));
    }

    private Map<String, Object> arguments(String group, boolean isPartition) {
        Map<String, Object> arguments = new HashMap<>();
        arguments.put("x-queue-type", "quorum");
        // With a limit, what is returned goes to the front; without, to the end of the queue, and the order is lost.
        arguments.put("x-delivery-limit", options.deliveryLimit());
        arguments.put("x-dead-letter-exchange", names.dead(group));
        // At least once needs the publisher to be refused when the queue is full; otherwise it silently is at most
        // once.
        arguments.put("x-dead-letter-strategy", "at-least-once");
        arguments.put("x-overflow", "reject-publish");
        if (isPartition) {
            arguments.put("x-single-active-consumer", true);
        }
        arguments.putAll(options.queueArguments());
        return arguments;
    }

    private static Declaration exchange(String name, String type, Map<String, Object> arguments) {
        return new Declaration(
                "the " + type + " exchange '" + name + "'",
                channel -> channel.exchangeDeclare(name, type, true, false, arguments),
                channel -> channel.exchangeDeclarePassive(name));
    }

    private static Declaration queue(String name, Map<String, Object> arguments) {
        return new Declaration(
                "the queue '" + name + "' with " + new TreeMap<>(arguments),
                channel -> channel.queueDeclare(name, true, false, false, arguments),
                channel -> channel.queueDeclarePassive(name));
    }

    private static void declare(Connection connection, Declaration declaration) throws IOException {
        try {
            Channels.onChannel(connection, declaration.active);
        } catch (IOException | AlreadyClosedException e) {
            // An account that may not declare is content with what somebody else has declared.
            if (BrokerAnswer.in(e).code() == BrokerAnswer.ACCESS_REFUSED && isThere(connection, declaration.passive)) {
                return;
            }
            throw refusedOr(declaration.what, e);
        }
    }

    private static void bind(Connection connection, String what, Channels.Step step) throws IOException {
        try {
            Channels.onChannel(connection, step);
        } catch (IOException | AlreadyClosedException e) {
            throw refusedOr("the binding of " + what, e);
        }
    }

    private static IOException refusedOr(String what, Exception e) {
        Optional<RabbitMqRefusedException> refused = BrokerAnswer.refusedDeclaration(what, e);
        if (refused.isPresent()) {
            throw refused.get();
        }
        return e instanceof IOException io ? io : new IOException("Declaring " + what + " failed", e);
    }

    /** Fails where the exchange is not there. */
    void requireExchange(Connection connection, String name) throws IOException {
        if (!isThere(connection, channel -> channel.exchangeDeclarePassive(name))) {
            throw new IOException("There is no exchange '" + name + "'");
        }
    }

    private static boolean exists(Connection connection, String queue) throws IOException {
        return isThere(connection, channel -> channel.queueDeclarePassive(queue));
    }

    private static boolean isThere(Connection connection, Channels.Step passive) throws IOException {
        try {
            Channels.onChannel(connection, passive);
            return true;
        } catch (IOException | AlreadyClosedException e) {
            if (BrokerAnswer.in(e).code() == BrokerAnswer.NOT_FOUND) {
                return false;
            }
            throw e instanceof IOException io ? io : new IOException("Asking the broker failed", e);
        }
    }

    private record Declaration(String what, Channels.Step active, Channels.Step passive) {}
}
