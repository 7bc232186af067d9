package io.eda.broker.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.UnknownMemberIdException;

/**
 * Gives a group its first offsets, once. Afterwards everything without an offset is new, and read from its beginning: so
 * a group that begins at the end does not miss the first records of a partition that is added later.
 */
final class GroupStart {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Topology topology;
    private final StartingPoint start;

    GroupStart(Topology topology, StartingPoint start) {
        this.topology = topology;
        this.start = start;
    }

    /** Commits where the group begins in these topics, if it has never committed anything. Blocks. */
    void pin(String group, Set<String> topics) {
        if (!start.isEarliest()) {
            topology.<Boolean>ask(LIMIT, admin -> isKnown(admin, group) || write(admin, group, topics));
        }
    }

    /** Commits it whatever the group has committed before; it must have no members. Blocks. */
    void reset(String group, Set<String> topics) {
        topology.<Boolean>ask(LIMIT, admin -> {
            commit(admin, group, offsets(admin, topics));
            return true;
        });
    }

    private static boolean isKnown(Admin admin, String group) {
        return !Topology.get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .isEmpty();
    }

    private boolean write(Admin admin, String group, Set<String> topics) {
        try {
            commit(admin, group, offsets(admin, topics));
        } catch (UnknownMemberIdException | GroupNotEmptyException e) {
            // Another member was first, and has done the same.
            return false;
        }
        return true;
    }

    private static void commit(Admin admin, String group, Map<TopicPartition, OffsetAndMetadata> offsets) {
        try {
            admin.alterConsumerGroupOffsets(group, offsets).all().get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("Interrupted while the group '" + group + "' was given its first offsets", e);
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> offsets(Admin admin, Set<String> topics) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        Topology.get(admin.describeTopics(topics).allTopicNames())
                .forEach((topic, description) -> description.partitions().forEach(partition -> {
                    TopicPartition place = new TopicPartition(topic, partition.partition());
                    var given = start.offsetOf(topic, partition.partition());
                    given.ifPresent(offset -> offsets.put(place, new OffsetAndMetadata(offset)));
                    if (given.isEmpty()) {
                        asked.put(place, spec());
                    }
                }));
        Map<TopicPartition, OffsetSpec> unanswered = new HashMap<>();
        Topology.get(admin.listOffsets(asked).all()).forEach((place, found) -> {
            if (found.offset() >= 0) {
                offsets.put(place, new OffsetAndMetadata(found.offset()));
            } else {
                // Nothing is as young as the time that was given: the partition begins at its end.
                unanswered.put(place, OffsetSpec.latest());
            }
        });
        Topology.get(admin.listOffsets(unanswered).all())
                .forEach((place, found) -> offsets.put(place, new OffsetAndMetadata(found.offset())));
        return offsets;
    }

    private OffsetSpec spec() {
        if (start.isLatest()) {
            return OffsetSpec.latest();
        }
        return start.instant()
                .map(instant -> OffsetSpec.forTimestamp(instant.toEpochMilli()))
                .orElseGet(OffsetSpec::earliest);
    }
}
