package io.eda.broker.kafka;

import io.eda.broker.kafka.Destination.Kind;
import io.eda.transport.PublishException;
import io.eda.transport.PublishException.Reason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Makes one topic, or finds it and compares it with what was asked for. Any number of starters may do so at once. */
final class TopicMaker {

    private static final String MIN_IN_SYNC = "min.insync.replicas";

    private final Admin admin;
    private final KafkaTopics wanted;

    TopicMaker(Admin admin, KafkaTopics wanted) {
        this.admin = admin;
        this.wanted = wanted;
    }

    /**
     * Returns when the topic is there, as wanted, and the leader of each of its partitions answers; or false, when it is not
     * ready yet.
     *
     * @throws PublishException if it can never be, as things are
     * @throws ExecutionException if the broker did not answer, or had another objection
     */
    boolean isReady(Destination destination, boolean mayCreate) throws ExecutionException, InterruptedException {
        Optional<TopicDescription> found = describe(destination.topic());
        if (found.isEmpty()) {
            create(destination, mayCreate);
            return false;
        }
        if (destination.kind() == Kind.EVENTS) {
            compare(found.get());
        }
        return leadersAnswer(found.get());
    }

    private Optional<TopicDescription> describe(String topic) throws ExecutionException, InterruptedException {
        try {
            return admin.describeTopics(List.of(topic)).allTopicNames().get().values().stream()
                    .findFirst();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private void create(Destination destination, boolean mayCreate) throws ExecutionException, InterruptedException {
        if (!mayCreate) {
            throw new PublishException(
                    Reason.UNROUTABLE,
                    destination.kind() == Kind.REDELIVER
                            ? "There is no topic '" + destination.topic()
                                    + "': its group has never received anything. Redeliver to a group that has"
                            : "There is no topic '" + destination.topic()
                                    + "', and this transport was told not to make any: make it, with at least "
                                    + wanted.partitions() + " partitions, or allow it in KafkaTopics");
        }
        try {
            admin.createTopics(List.of(newTopic(destination))).all().get();
        } catch (ExecutionException e) {
            // Somebody was first, and that is as good.
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    private NewTopic newTopic(Destination destination) {
        Map<String, String> configs = new HashMap<>();
        if (wanted.minInSyncReplicas() > 0) {
            configs.put(MIN_IN_SYNC, Integer.toString(wanted.minInSyncReplicas()));
        }
        boolean isLetters = destination.kind() == Kind.DEAD_LETTERS;
        if (isLetters) {
            configs.put("cleanup.policy", "compact");
        }
        Optional<Short> replication =
                wanted.replication() > 0 ? Optional.of((short) wanted.replication()) : Optional.empty();
        // Letters are few, and are read in the order in which they came: one partition has one.
        return new NewTopic(destination.topic(), Optional.of(isLetters ? 1 : wanted.partitions()), replication)
                .configs(configs);
    }

    private void compare(TopicDescription found) throws ExecutionException, InterruptedException {
        int partitions = found.partitions().size();
        int replicas = found.partitions().stream()
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElse(0);
        require(found, "partitions", partitions, wanted.partitions());
        require(found, "replicas", replicas, wanted.replication());
        if (wanted.minInSyncReplicas() > 0) {
            var resource = new ConfigResource(ConfigResource.Type.TOPIC, found.name());
            for (Config config :
                    admin.describeConfigs(List.of(resource)).all().get().values()) {
                int inSync = Integer.parseInt(config.get(MIN_IN_SYNC).value());
                require(found, MIN_IN_SYNC, inSync, wanted.minInSyncReplicas());
            }
        }
    }

    private static void require(TopicDescription topic, String what, int found, int wanted) {
        if (found < wanted) {
            throw new PublishException(
                    Reason.UNROUTABLE,
                    "The topic '" + topic.name() + "' has " + what + " " + found + ", but at least " + wanted
                            + " are wanted. Change the topic, or what KafkaTopics asks for; nothing was changed");
        }
    }

    // A first record that meets a partition without a leader can leave an idempotent producer retrying for minutes.
    private boolean leadersAnswer(TopicDescription topic) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (TopicPartitionInfo partition : topic.partitions()) {
            if (partition.leader() == null || partition.leader().isEmpty()) {
                return false;
            }
            ends.put(new TopicPartition(topic.name(), partition.partition()), OffsetSpec.latest());
        }
        return admin.listOffsets(ends).all().get().size() == ends.size();
    }
}
