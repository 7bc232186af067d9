package io.eda.broker.kafka;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/**
 * Where a group stands in some partitions.
 *
 * @param next at which offset it goes on, in each
 */
record GroupOffsets(Map<TopicPartition, Long> next) {

    /**
     * Asks for the offsets of {@code group}; nothing where the broker knows of none and the group has no members: it never had any, or none for
     * so long that it is forgotten, or it is a share group, which has no offsets.
     *
     * @param reader a consumer with the id of the group, and no member of it
     */
    static Optional<GroupOffsets> of(
            String group, Set<TopicPartition> partitions, Consumer<?, ?> reader, Topology topology, Deadline deadline) {
        Map<TopicPartition, Long> next = committed(partitions, reader, deadline);
        // Offsets behind the end are those of an older topic of that name: the group begins anew.
        Map<TopicPartition, Long> ends = reader.endOffsets(partitions, deadline.left());
        next.entrySet().removeIf(offset -> offset.getValue() > ends.getOrDefault(offset.getKey(), 0L));
        if (next.isEmpty() && !hasMembers(group, topology, deadline)) {
            return Optional.empty();
        }
        // A group that is there reads what it has no offset of from its beginning.
        Set<TopicPartition> others = partitions.stream()
                .filter(partition -> !next.containsKey(partition))
                .collect(Collectors.toSet());
        next.putAll(reader.beginningOffsets(others, deadline.left()));
        return Optional.of(new GroupOffsets(next));
    }

    private static Map<TopicPartition, Long> committed(
            Set<TopicPartition> partitions, Consumer<?, ?> reader, Deadline deadline) {
        Map<TopicPartition, Long> committed = new HashMap<>();
        try {
            reader.committed(partitions, deadline.left()).forEach((partition, offset) -> {
                if (offset != null) {
                    committed.put(partition, offset.offset());
                }
            });
        } catch (GroupIdNotFoundException e) {
            // A group of another kind, or none: it has no offsets.
            committed.clear();
        }
        return committed;
    }

    private static boolean hasMembers(String group, Topology topology, Deadline deadline) {
        return topology.ask(deadline.left(), admin -> hasMembers(group, admin, deadline));
    }

    private static boolean hasMembers(String group, Admin admin, Deadline deadline) {
        try {
            var options = new DescribeConsumerGroupsOptions()
                    .timeoutMs((int) deadline.left().toMillis());
            var described =
                    admin.describeConsumerGroups(List.of(group), options).all();
            return Topology.get(described).values().stream()
                    .anyMatch(found -> !found.members().isEmpty());
        } catch (GroupIdNotFoundException e) {
            return false;
        }
    }

    boolean isPast(RecordSearch.Place place) {
        return place.offset() < next(place.partition());
    }

    long next(TopicPartition partition) {
        return next.getOrDefault(partition, 0L);
    }
}
