package io.eda.broker.kafka;

import io.eda.transport.DeadLetterQueue;
import io.eda.transport.Message;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * The dead letters of one group, in a compacted topic of its own with the letter's id as key: a later letter with the same id
 * stands for the earlier one, and a tombstone forgets it. One caller at a time reads; others wait.
 */
final class KafkaDeadLetters implements DeadLetterQueue, AutoCloseable {

    private final String group;
    private final Destination letters;
    private final Destination redeliveries;
    private final Topology topology;
    private final Outlet outlet;
    private final Duration limit;
    private final ReentrantLock lock = new ReentrantLock();
    private final LetterIndex index;

    /** What puts a message into a topic. */
    interface Outlet {
        CompletableFuture<Void> publish(Destination destination, Message message);

        CompletableFuture<Void> publish(Destination destination, ProducerRecord<byte[], byte[]> record, String name);
    }

    KafkaDeadLetters(String group, Topology topology, Outlet outlet, KafkaOptions options) {
        this.group = group;
        this.letters = Destination.deadLettersOf(group);
        this.redeliveries = Destination.redeliveryTo(group);
        this.topology = topology;
        this.outlet = outlet;
        this.limit = options.limits().publishTimeout();
        this.index = new LetterIndex(new ClientProperties(options).reader(), new RecordCodec(options.topics()));
    }

    @Override
    public CompletableFuture<Void> add(Message letter) {
        return outlet.publish(letters, letter);
    }

    @Override
    public List<Message> read(int count) {
        return asking("read", () -> isCaughtUp() ? index.oldest(count, limit) : List.of());
    }

    @Override
    public boolean remove(String id) {
        boolean isThere = asking("removed", () -> isCaughtUp() && index.contains(id));
        if (isThere) {
            ProducerRecord<byte[], byte[]> tombstone =
                    new ProducerRecord<>(letters.topic(), RecordCodec.utf8(id), null);
            var unused = Waiting.get(outlet.publish(letters, tombstone, "that forgets " + id), limit, "a tombstone");
        }
        return isThere;
    }

    @Override
    public CompletableFuture<Void> redeliver(Message message) {
        return outlet.publish(redeliveries, message);
    }

    private boolean isCaughtUp() {
        Set<TopicPartition> partitions = topology.ask(limit, this::partitions);
        if (partitions.isEmpty()) {
            return false;
        }
        index.catchUp(partitions, limit);
        return true;
    }

    // None where nothing was ever rejected: looking for letters makes no topic.
    private Set<TopicPartition> partitions(Admin admin) {
        try {
            return admin.describeTopics(List.of(letters.topic())).allTopicNames().get().values().stream()
                    .flatMap(topic -> topic.partitions().stream()
                            .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                    .collect(Collectors.toSet());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Set.of();
            }
            throw e.getCause() instanceof RuntimeException cause ? cause : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("Interrupted while looking for the topic " + letters.topic(), e);
        }
    }

    private <T> T asking(String what, java.util.function.Supplier<T> question) {
        lock.lock();
        try {
            return question.get();
        } catch (KafkaException e) {
            throw new IllegalStateException(
                    "The dead letters of '" + group + "' could not be " + what + ": " + e.getMessage()
                            + ". Ask again when the broker is back",
                    e);
        } finally {
            lock.unlock();
        }
    }

    /** Gives the consumer back, if nobody is using it at the moment. */
    @Override
    public void close() {
        if (lock.tryLock()) {
            try {
                index.close();
            } finally {
                lock.unlock();
            }
        }
    }
}
