package io.eda.samples.dedupe;

import io.eda.testkit.servers.RealServers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** What the brokers have delivered and not heard the end of, or not delivered yet. */
record Backlog(Stage stage) {

    long kafka() throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stage.kafka()))) {
            // Only the topic of the events: nothing is to be among the dead letters, where somebody would miss it.
            Set<String> topics = admin.listTopics().names().get().stream()
                    .filter(topic -> topic.equals(stage.topicPrefix() + "thing"))
                    .collect(Collectors.toSet());
            Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
            admin.describeTopics(topics).allTopicNames().get().forEach((topic, description) -> description
                    .partitions()
                    .forEach(partition ->
                            wanted.put(new TopicPartition(topic, partition.partition()), OffsetSpec.latest())));
            var ends = admin.listOffsets(wanted).all().get();
            long open = 0;
            for (String group : List.of(stage.counter(), stage.ledger())) {
                var committed = admin.listConsumerGroupOffsets(group)
                        .partitionsToOffsetAndMetadata()
                        .get();
                for (var end : ends.entrySet()) {
                    var offset = committed.get(end.getKey());
                    open += end.getValue().offset() - (offset == null ? 0 : offset.offset());
                }
            }
            return open;
        }
    }

    long rabbitMq() {
        return RealServers.rabbitMq()
                .rabbitmqctl("list_queues", "name", "messages")
                .lines()
                .map(line -> line.split("\t", -1))
                .filter(cells -> cells[0].startsWith(stage.exchange() + "."))
                .mapToLong(cells -> Long.parseLong(cells[1]))
                .sum();
    }
}
