package io.eda.broker.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What each kind of client is opened with: our defaults, then the user's properties, then what our promises rest on. */
final class ClientProperties {

    private static final Map<String, String> PRODUCER_PROMISES = Map.of("acks", "all", "enable.idempotence", "true");
    private static final Map<String, String> CONSUMER_PROMISES =
            Map.of("enable.auto.commit", "false", "allow.auto.create.topics", "false", "auto.offset.reset", "earliest");
    private static final Set<String> NOT_OF_SHARES = Set.of(
            "auto.offset.reset",
            "enable.auto.commit",
            "group.instance.id",
            "isolation.level",
            "partition.assignment.strategy",
            "interceptor.classes",
            "session.timeout.ms",
            "heartbeat.interval.ms",
            "group.protocol",
            "group.remote.assignor");
    private static final int MIB = 1 << 20;

    private final KafkaOptions options;

    ClientProperties(KafkaOptions options) {
        this.options = options;
    }

    static void refuseContradictions(
            Map<String, Object> client, Map<String, Object> producer, Map<String, Object> consumer) {
        if (!client.containsKey("bootstrap.servers")) {
            throw new IllegalArgumentException(
                    "No 'bootstrap.servers' among the client properties: name at least one broker as host:port");
        }
        PRODUCER_PROMISES.forEach((name, value) -> refuse(name, value, producer, client));
        CONSUMER_PROMISES.forEach((name, value) -> refuse(name, value, consumer, client));
        for (String name : new String[] {"group.id", "transactional.id"}) {
            if (client.containsKey(name) || consumer.containsKey(name) || producer.containsKey(name)) {
                throw new IllegalArgumentException("The transport sets '" + name + "' by itself: leave it out");
            }
        }
    }

    static void refuseContradictions(String transactions, Map<String, Object> client, Map<String, Object> consumer) {
        if (transactions.isBlank() || transactions.length() > 200) {
            throw new IllegalArgumentException("'" + transactions + "' cannot begin transactional ids: use 1 to 200"
                    + " characters that no other running process uses, such as the name of this machine");
        }
        // A consumer that reads otherwise would begin before a transaction that is about to commit.
        refuse("isolation.level", "read_committed", consumer, client);
    }

    private static void refuse(String name, String value, Map<String, Object> own, Map<String, Object> all) {
        Object given = own.getOrDefault(name, all.getOrDefault(name, value));
        boolean isAllAsNumber = name.equals("acks") && given.toString().equals("-1");
        if (!given.toString().equals(value) && !isAllAsNumber) {
            String instead = name.equals("auto.offset.reset") ? ", and say withStart(…) where new groups begin" : "";
            throw new IllegalArgumentException("'" + name + "' is set to '" + given + "', but this transport's promises"
                    + " rest on '" + value + "': leave it out" + instead);
        }
    }

    Map<String, Object> producer() {
        int deadline = (int) options.limits().publishTimeout().toMillis();
        Map<String, Object> properties = new HashMap<>();
        properties.put("linger.ms", 5);
        properties.put("batch.size", 128 * 1024);
        properties.put("compression.type", "lz4");
        properties.putAll(options.client());
        properties.putAll(options.producer());
        properties.putAll(PRODUCER_PROMISES);
        // The driver says at once that it has no metadata or memory, and whoever sends may wait elsewhere.
        properties.putIfAbsent("max.block.ms", 0);
        // Kafka gives up before the deadline does, so that a future usually fails with the driver's own reason.
        properties.putIfAbsent("delivery.timeout.ms", deadline * 3 / 4);
        properties.putIfAbsent("request.timeout.ms", Math.max(deadline / 4, 500));
        // Room for headers and key beside the largest body.
        properties.putIfAbsent(
                "max.request.size", Math.max(MIB, options.limits().maxBody() + MIB / 4));
        // More than may be pending, so that send() does not wait for memory.
        properties.putIfAbsent("buffer.memory", options.limits().maxPendingBytes() * 2 + 32L * MIB);
        properties.put("key.serializer", ByteArraySerializer.class);
        properties.put("value.serializer", ByteArraySerializer.class);
        return properties;
    }

    /** For the producer of one member of a group, whose messages are committed with the group's offsets. */
    Map<String, Object> transactional(String group, String instanceSuffix) {
        Map<String, Object> properties = producer();
        properties.put("transactional.id", options.transactions().orElseThrow() + "." + group + instanceSuffix);
        if (!options.producer().containsKey("max.block.ms") && !options.client().containsKey("max.block.ms")) {
            // An end of a transaction that is not known costs the whole membership: it may take its time.
            properties.put(
                    "max.block.ms",
                    Math.min((int) options.limits().publishTimeout().toMillis(), 15_000));
        }
        // What a dead member has left open holds up all that read committed records behind it, for as long as this.
        properties.putIfAbsent("transaction.timeout.ms", 10_000);
        return properties;
    }

    /** For a member of a group. */
    Map<String, Object> consumer(String group, String instanceSuffix) {
        Map<String, Object> properties = bareConsumer();
        properties.put("group.id", group);
        // While partitions with messages rest, only those without are asked for, and until the broker has answered that
        // it is asked for nothing else: what goes on again would wait half a second each time.
        properties.putIfAbsent("fetch.max.wait.ms", 50);
        Object instance = properties.get("group.instance.id");
        if (instance != null) {
            properties.put("group.instance.id", instance + instanceSuffix);
        }
        if ("consumer".equalsIgnoreCase(String.valueOf(properties.get("group.protocol")))) {
            // Topic by topic. The other one, the broker's default, may give one member all the events and another one
            // all that is redelivered.
            properties.putIfAbsent("group.remote.assignor", "range");
        } else {
            properties.putIfAbsent("partition.assignment.strategy", EventPartitionAssignor.class.getName());
            // A member hears of a rebalance with its next heartbeat, and everybody waits for the last one to hear of
            // it.
            properties.putIfAbsent("heartbeat.interval.ms", 1_000);
        }
        return properties;
    }

    /** For one consumer of a share group that holds {@code maxRecords} at most. */
    Map<String, Object> shareConsumer(String group, int maxRecords) {
        Map<String, Object> properties = bareConsumer();
        // What a share consumer refuses to be told; the group at the broker knows it.
        properties.keySet().removeAll(NOT_OF_SHARES);
        properties.put("group.id", group);
        properties.put("share.acknowledgement.mode", "explicit");
        // Without it a fetch brings whole batches of the producer, however many were asked for.
        properties.put("share.acquire.mode", "record_limit");
        properties.put("max.poll.records", maxRecords);
        return properties;
    }

    /** For reading partitions without a group. */
    Map<String, Object> reader() {
        Map<String, Object> properties = bareConsumer();
        properties.keySet().removeIf(name -> name.startsWith("group.") || name.startsWith("partition.assignment."));
        return properties;
    }

    private Map<String, Object> bareConsumer() {
        Map<String, Object> properties = new HashMap<>();
        properties.put("max.poll.records", 1_000);
        properties.put("metadata.max.age.ms", 10_000);
        // What a transaction took back is never delivered.
        properties.put("isolation.level", "read_committed");
        properties.putAll(options.client());
        properties.putAll(options.consumer());
        properties.putAll(CONSUMER_PROMISES);
        properties.put("key.deserializer", ByteArrayDeserializer.class);
        properties.put("value.deserializer", ByteArrayDeserializer.class);
        return properties;
    }

    Map<String, Object> admin() {
        Map<String, Object> properties = new HashMap<>();
        properties.put("request.timeout.ms", 5_000);
        properties.put("default.api.timeout.ms", 10_000);
        properties.putAll(options.client());
        properties.putAll(options.admin());
        return properties;
    }
}
