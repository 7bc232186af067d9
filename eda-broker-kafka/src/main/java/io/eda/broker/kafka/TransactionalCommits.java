package io.eda.broker.kafka;

import io.eda.transport.Message;
import io.eda.transport.PublishException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Publishes what was made of messages, and commits their offsets, in one transaction: of all partitions, what is finished from
 * the first unfinished message back. The results of a message that is finished behind an unfinished one wait for that one,
 * because they could not be taken back when it comes again.
 *
 * <p>A transaction that the broker has aborted is made again from the same results. Where its end is not known, the consumer is
 * given up too: the next one opens with the same transactional id, which ends what is open, and begins where the broker says
 * that the group is. A member that lost its partitions is refused by the group's generation, which each transaction names.
 */
final class TransactionalCommits implements Commits {

    private static final Logger log = LoggerFactory.getLogger(TransactionalCommits.class);
    private static final Duration TOPIC_LIMIT = Duration.ofSeconds(10);

    private final Consumer<?, ?> consumer;
    private final Backlog backlog;
    private final Topology topology;
    private final Producer<byte[], byte[]> producer;
    private final Function<Message, CompletableFuture<Void>> deadLetters;
    private boolean isLost;
    private boolean isWaiting;

    TransactionalCommits(
            Consumer<?, ?> consumer,
            Backlog backlog,
            Topology topology,
            Producer<byte[], byte[]> producer,
            Function<Message, CompletableFuture<Void>> deadLetters) {
        this.consumer = consumer;
        this.backlog = backlog;
        this.topology = topology;
        this.producer = producer;
        this.deadLetters = deadLetters;
    }

    // What a predecessor of this id has left open is committed or aborted when this returns.
    @Override
    public void open() {
        producer.initTransactions();
    }

    @Override
    public void commit(Map<TopicPartition, Prefix> finished) {
        boolean unused = commitNow(finished, TOPIC_LIMIT);
    }

    @Override
    public boolean commitNow(Map<TopicPartition, Prefix> finished, Duration limit) {
        if (finished.isEmpty()) {
            return true;
        }
        if (isLost) {
            throw new KafkaException("The transaction before has no known end: nothing is committed behind it");
        }
        Map<Result, Throwable> refused = new LinkedHashMap<>();
        boolean isCommitted = areTopicsReady(finished) && transact(finished, refused);
        if (isCommitted) {
            finished.forEach((partition, prefix) -> backlog.committed(partition, prefix.offset()));
        }
        refused.forEach((result, why) -> bury(finished, result, why));
        return isCommitted;
    }

    // Before the transaction begins, because its time is short.
    private boolean areTopicsReady(Map<TopicPartition, Prefix> finished) {
        for (Prefix prefix : finished.values()) {
            for (Result result : prefix.results()) {
                try {
                    result.outputs().forEach(output -> awaitTopic(output.destination()));
                } catch (PublishException e) {
                    // Nothing is wrong with the message: it waits until the topic is put right, and the status tells.
                    throw new KafkaException(
                            "What was made of " + result.message() + " cannot be published: " + e.getMessage(), e);
                } catch (TimeoutException e) {
                    log.atLevel(isWaiting ? Level.DEBUG : Level.WARN)
                            .addKeyValue("group", consumer.groupMetadata().groupId())
                            .addKeyValue("messageId", result.message().id())
                            .log("What was made of {} waits for its topic: {}", result.message(), e.toString());
                    isWaiting = true;
                    return false;
                }
            }
        }
        isWaiting = false;
        return true;
    }

    private void awaitTopic(Destination destination) {
        CompletableFuture<Void> ready = topology.ready(destination);
        var unused = Waiting.get(ready, TOPIC_LIMIT, "the topic " + destination.topic());
    }

    private boolean transact(Map<TopicPartition, Prefix> finished, Map<Result, Throwable> refused) {
        boolean isCommitting = false;
        Map<Future<?>, Result> sent = new LinkedHashMap<>();
        try {
            producer.beginTransaction();
            for (Prefix prefix : finished.values()) {
                for (Result result : prefix.results()) {
                    result.outputs().forEach(output -> sent.put(producer.send(output.record()), result));
                }
            }
            producer.sendOffsetsToTransaction(OffsetCommits.named(finished), consumer.groupMetadata());
            isCommitting = true;
            producer.commitTransaction();
            return true;
        } catch (KafkaException e) {
            sent.forEach((future, result) -> noteRefusal(future, result, refused));
            if (isCommitting && (e instanceof TimeoutException || e instanceof InterruptException)) {
                throw lost(e);
            }
            return abort(e);
        }
    }

    // Of the failures of a transaction that is aborted, those that would come again with the same record.
    private static void noteRefusal(Future<?> future, Result result, Map<Result, Throwable> refused) {
        Throwable failure = failureOf(future);
        if (failure instanceof RecordTooLargeException || failure instanceof InvalidRecordException) {
            refused.putIfAbsent(result, failure);
        }
    }

    private static @Nullable Throwable failureOf(Future<?> future) {
        if (!future.isDone()) {
            return null;
        }
        try {
            Object unused = future.get();
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    private boolean abort(KafkaException why) {
        try {
            producer.abortTransaction();
        } catch (KafkaException e) {
            e.addSuppressed(why);
            throw lost(isFencing(why) ? why : e);
        }
        log.atWarn()
                .addKeyValue("group", consumer.groupMetadata().groupId())
                .log("A transaction was aborted, and is made again: {}", why.toString());
        return false;
    }

    private KafkaException lost(KafkaException why) {
        isLost = true;
        return new KafkaException(
                isFencing(why) || isFencing(why.getCause())
                        ? "Another process has taken over the transactional id, or a transaction outlasted its timeout. If"
                                + " this goes on, give each process a prefix of its own in KafkaOptions.withTransactions"
                        : "A transaction has no known end; the group goes on from what the broker has committed",
                why);
    }

    private static boolean isFencing(@Nullable Throwable failure) {
        return failure instanceof ProducerFencedException || failure instanceof InvalidProducerEpochException;
    }

    private void bury(Map<TopicPartition, Prefix> finished, Result result, Throwable why) {
        log.atWarn()
                .addKeyValue("group", consumer.groupMetadata().groupId())
                .addKeyValue("messageId", result.message().id())
                .log(
                        "What was made of {} cannot be published, so it goes to the dead letters: {}",
                        result.message(),
                        why.toString());
        try {
            // A crash behind this line writes the letter twice: its results were never seen.
            var unused = Waiting.get(deadLetters.apply(result.message()), TOPIC_LIMIT, "a dead letter");
        } catch (RuntimeException e) {
            log.atWarn()
                    .addKeyValue("group", consumer.groupMetadata().groupId())
                    .addKeyValue("messageId", result.message().id())
                    .log("The dead letter of {} is not written yet: {}", result.message(), e.toString());
            return;
        }
        finished.forEach((partition, prefix) -> {
            if (prefix.results().contains(result)) {
                backlog.discard(partition, result);
            }
        });
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(1));
    }
}
