package io.eda.broker.kafka;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * Spreads the partitions of the topics with events over the members of a group, and those with its redeliveries by themselves; both as Kafka's
 * {@link CooperativeStickyAssignor} does, which knows no difference between them, and would let one member have all the events and another
 * one all that is redelivered, which is next to nothing. The default of members with the classic protocol; Kafka makes it by its name.
 */
public final class EventPartitionAssignor extends CooperativeStickyAssignor {

    @Override
    public String name() {
        return "eda-event-partitions";
    }

    @Override
    public Map<String, List<TopicPartition>> assignPartitions(
            Map<String, List<PartitionInfo>> partitionsPerTopic, Map<String, Subscription> subscriptions) {
        Map<String, List<TopicPartition>> all =
                assignOf(partitionsPerTopic, subscriptions, topic -> !isRedelivery(topic));
        assignOf(partitionsPerTopic, subscriptions, EventPartitionAssignor::isRedelivery)
                .forEach((member, partitions) ->
                        all.computeIfAbsent(member, key -> new ArrayList<>()).addAll(partitions));
        return all;
    }

    private Map<String, List<TopicPartition>> assignOf(
            Map<String, List<PartitionInfo>> partitionsPerTopic,
            Map<String, Subscription> subscriptions,
            Predicate<String> isMeant) {
        Map<String, List<PartitionInfo>> partitions = new HashMap<>(partitionsPerTopic);
        partitions.keySet().removeIf(isMeant.negate());
        Map<String, Subscription> narrowed = new HashMap<>();
        subscriptions.forEach((member, subscription) -> narrowed.put(member, narrowed(subscription, isMeant)));
        Map<String, List<TopicPartition>> assigned = new HashMap<>();
        super.assignPartitions(partitions, narrowed)
                .forEach((member, itsPartitions) -> assigned.put(member, new ArrayList<>(itsPartitions)));
        return assigned;
    }

    private static Subscription narrowed(Subscription whole, Predicate<String> isMeant) {
        Subscription narrowed = new Subscription(
                whole.topics().stream().filter(isMeant).toList(),
                whole.userData(),
                whole.ownedPartitions().stream()
                        .filter(partition -> isMeant.test(partition.topic()))
                        .toList(),
                whole.generationId().orElse(-1),
                whole.rackId());
        narrowed.setGroupInstanceId(whole.groupInstanceId());
        return narrowed;
    }

    private static boolean isRedelivery(String topic) {
        return topic.startsWith(Destination.REDELIVER);
    }
}
