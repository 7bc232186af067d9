package io.eda.broker.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Commits offsets by name, and nothing with them: what is finished and not committed comes again after a crash. */
final class OffsetCommits implements Commits {

    private static final Logger log = LoggerFactory.getLogger(OffsetCommits.class);

    private final Consumer<?, ?> consumer;
    private final Backlog backlog;

    OffsetCommits(Consumer<?, ?> consumer, Backlog backlog) {
        this.consumer = consumer;
        this.backlog = backlog;
    }

    @Override
    public void open() {
        // A consumer needs no more to commit.
    }

    @Override
    public void commit(Map<TopicPartition, Prefix> finished) {
        if (!finished.isEmpty()) {
            consumer.commitAsync(named(finished), (committed, failure) -> {
                if (failure == null) {
                    committed.forEach((partition, offset) -> backlog.committed(partition, offset.offset()));
                } else {
                    // The next commit says it again; where the partition is lost, its next owner begins at the last
                    // one.
                    log.debug("A commit of {} failed and is repeated", finished, failure);
                }
            });
        }
    }

    @Override
    public boolean commitNow(Map<TopicPartition, Prefix> finished, Duration limit) {
        if (finished.isEmpty()) {
            return true;
        }
        try {
            consumer.commitSync(named(finished), limit);
        } catch (RebalanceInProgressException e) {
            return false;
        } catch (KafkaException e) {
            log.atWarn()
                    .addKeyValue("group", consumer.groupMetadata().groupId())
                    .addKeyValue("partitions", finished.keySet())
                    .log(
                            "The offsets {} could not be committed: what they stand for comes again: {}",
                            finished,
                            e.toString());
        }
        return true;
    }

    static Map<TopicPartition, OffsetAndMetadata> named(Map<TopicPartition, Prefix> finished) {
        Map<TopicPartition, OffsetAndMetadata> named = new HashMap<>();
        finished.forEach((partition, prefix) -> named.put(partition, new OffsetAndMetadata(prefix.offset())));
        return named;
    }

    @Override
    public void close() {
        // The consumer is its session's to close.
    }
}
