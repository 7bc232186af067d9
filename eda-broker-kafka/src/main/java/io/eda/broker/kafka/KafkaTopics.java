package io.eda.broker.kafka;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which Kafka topics there are, and how they are made.
 *
 * @param prefix what stands before a message's topic in the name of its Kafka topic, not blank. Default {@code events.}
 * @param names the Kafka topics of those message topics that do not follow the prefix. Default none
 * @param reads the Kafka topics that groups read; where it is empty, all that begin with the prefix and all in {@code names},
 *     also those that come later. Default empty
 * @param creates whether a topic that is missing is made when something is first published to it. Default true; a topic is
 *     never made by the broker because somebody asked for it
 * @param partitions how many partitions a topic is made with, and has at least, from 1. Default 6
 * @param replication how many replicas a topic is made with, and has at least; -1 for what the broker says. Default -1
 * @param minInSyncReplicas how many replicas must have a record before it is confirmed, at least; -1 for what the broker
 *     says. Default -1
 * @param discovery how often receivers look for new topics. Default 10 seconds
 */
public record KafkaTopics(
        String prefix,
        Map<String, String> names,
        Set<String> reads,
        boolean creates,
        int partitions,
        int replication,
        int minInSyncReplicas,
        Duration discovery) {

    private static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9._-]{1,249}");

    private static final KafkaTopics DEFAULTS =
            new KafkaTopics("events.", Map.of(), Set.of(), true, 6, -1, -1, Duration.ofSeconds(10));

    /** Checks every value. */
    public KafkaTopics {
        names = Map.copyOf(names);
        reads = Set.copyOf(reads);
        requireLegal(prefix);
        names.values().forEach(KafkaTopics::requireLegal);
        reads.forEach(KafkaTopics::requireLegal);
        if (new HashSet<>(names.values()).size() < names.size()) {
            throw new IllegalArgumentException("The topics " + names
                    + " are not one Kafka topic each: what is read from" + " one must lead back to one name");
        }
        if (partitions < 1
                || replication < -1
                || replication == 0
                || minInSyncReplicas < -1
                || minInSyncReplicas == 0) {
            throw new IllegalArgumentException("Topics are to have " + partitions + " partitions, " + replication
                    + " replicas and " + minInSyncReplicas
                    + " in sync: use at least 1 of each, or -1 for replicas as the broker has them");
        }
        if (replication > 0 && minInSyncReplicas > replication) {
            throw new IllegalArgumentException("Of " + replication + " replicas " + minInSyncReplicas
                    + " are to be in sync, which can never be: ask for fewer");
        }
        if (discovery.compareTo(Duration.ofMillis(100)) < 0) {
            throw new IllegalArgumentException(
                    "New topics are to be looked for every " + discovery + ": leave at least 100 ms");
        }
    }

    /** Returns the defaults. */
    public static KafkaTopics defaults() {
        return DEFAULTS;
    }

    /** Returns a copy with another prefix. */
    public KafkaTopics withPrefix(String newPrefix) {
        return new KafkaTopics(newPrefix, names, reads, creates, partitions, replication, minInSyncReplicas, discovery);
    }

    /** Returns a copy with these Kafka topics for these message topics. */
    public KafkaTopics withNames(Map<String, String> newNames) {
        return new KafkaTopics(prefix, newNames, reads, creates, partitions, replication, minInSyncReplicas, discovery);
    }

    /** Returns a copy whose groups read these Kafka topics alone. */
    public KafkaTopics withReads(Set<String> newReads) {
        return new KafkaTopics(prefix, names, newReads, creates, partitions, replication, minInSyncReplicas, discovery);
    }

    /** Returns a copy that makes no topic for events: a missing one fails the publishing. */
    public KafkaTopics withoutCreating() {
        return new KafkaTopics(prefix, names, reads, false, partitions, replication, minInSyncReplicas, discovery);
    }

    /** Returns a copy with another number of partitions. */
    public KafkaTopics withPartitions(int newPartitions) {
        return new KafkaTopics(prefix, names, reads, creates, newPartitions, replication, minInSyncReplicas, discovery);
    }

    /** Returns a copy with other numbers of replicas. */
    public KafkaTopics withReplication(int newReplication, int newMinInSyncReplicas) {
        return new KafkaTopics(
                prefix, names, reads, creates, partitions, newReplication, newMinInSyncReplicas, discovery);
    }

    /** Returns a copy that looks for new topics at another interval. */
    public KafkaTopics withDiscovery(Duration newDiscovery) {
        return new KafkaTopics(prefix, names, reads, creates, partitions, replication, minInSyncReplicas, newDiscovery);
    }

    static boolean isLegal(String name) {
        return LEGAL.matcher(name).matches() && !name.equals(".") && !name.equals("..");
    }

    private static void requireLegal(String name) {
        if (!isLegal(name)) {
            throw new IllegalArgumentException("'" + name + "' cannot name a Kafka topic: use 1 to 249 letters, digits,"
                    + " '.', '_' and '-', such as 'events.order'");
        }
    }
}
