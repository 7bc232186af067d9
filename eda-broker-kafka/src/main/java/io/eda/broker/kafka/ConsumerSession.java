package io.eda.broker.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of one consumer, on the thread that polls it. It polls whatever happens elsewhere, so that slow handlers never cost
 * the membership; it rests partitions of which too much is unfinished; it commits by name what is finished, and nothing else.
 */
final class ConsumerSession implements ConsumerRebalanceListener {

    private static final Logger log = LoggerFactory.getLogger(ConsumerSession.class);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final long SHORT_POLL_MILLIS = 2;
    private static final Duration INSTANT = Duration.ofMillis(1);
    private static final long IDLE_LOOK_NANOS = Duration.ofMillis(500).toNanos();

    private final Consumer<byte[], byte[]> consumer;
    private final Backlog backlog;
    private final Commits commits;
    private final KafkaLimits limits;
    private final int windowLimit;
    private final ConsumerHealth health;
    private Set<String> subscribed = Set.of();
    private long lastCommit = System.nanoTime();
    private long lastIdleLook = System.nanoTime();
    private long restingMillis = SHORT_POLL_MILLIS;

    ConsumerSession(
            Consumer<byte[], byte[]> consumer,
            Backlog backlog,
            Commits commits,
            KafkaLimits limits,
            int windowLimit,
            ConsumerHealth health) {
        this.consumer = consumer;
        this.backlog = backlog;
        this.commits = commits;
        this.limits = limits;
        this.windowLimit = windowLimit;
        this.health = health;
    }

    /** Receives while {@code isOpen}, from the topics that {@code topics} names at the moment. */
    void run(BooleanSupplier isOpen, Supplier<Set<String>> topics) {
        while (isOpen.getAsBoolean()) {
            subscribe(topics.get());
            take(consumer.poll(rest()));
            long now = System.nanoTime();
            if (now - lastIdleLook >= IDLE_LOOK_NANOS) {
                lastIdleLook = now;
                lookWhereNothingWaits();
                health.look(consumer, backlog.size());
            }
            if (now - lastCommit >= limits.commitInterval().toNanos()) {
                lastCommit = now;
                commits.commit(backlog.committable());
            }
        }
    }

    /** Commits what is finished, and gives the partitions up. */
    void end() {
        Duration limit = limits.closeTimeout().dividedBy(2);
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            // In the middle of a rebalance the broker takes no commit: polling gets to its end.
            while (!commits.commitNow(backlog.committable(), limit) && System.nanoTime() - deadline < 0) {
                take(consumer.poll(INSTANT));
            }
        } catch (KafkaException e) {
            log.atWarn()
                    .addKeyValue("group", consumer.groupMetadata().groupId())
                    .log("The last offsets could not be committed: what they stand for comes again: {}", e.toString());
        } finally {
            backlog.dropAll();
        }
    }

    private void subscribe(Set<String> topics) {
        if (!topics.equals(subscribed)) {
            subscribed = topics;
            consumer.subscribe(topics, this);
        }
    }

    private void take(ConsumerRecords<byte[], byte[]> records) {
        Map<TopicPartition, OffsetAndMetadata> next = records.nextOffsets();
        for (TopicPartition partition : records.partitions()) {
            var fetched = records.records(partition);
            OffsetAndMetadata following = next.get(partition);
            backlog.arrive(partition, fetched, following == null ? -1 : following.offset());
        }
    }

    // Decided anew before each poll, because a rebalance wakes every partition up. Returns how long that may last.
    private Duration rest() {
        List<TopicPartition> toPause = new ArrayList<>();
        List<TopicPartition> toResume = new ArrayList<>();
        Set<TopicPartition> resting = consumer.paused();
        backlog.eachWindow((window, bytes) -> {
            boolean isFull = window.size() >= windowLimit || bytes >= limits.maxBufferedBytes();
            boolean hasRoom = window.size() <= windowLimit / 2 && bytes <= limits.maxBufferedBytes() / 2;
            window.isPaused = isFull || (window.isPaused && !hasRoom);
            if (window.isPaused != resting.contains(window.partition)) {
                (window.isPaused ? toPause : toResume).add(window.partition);
            }
        });
        toPause.retainAll(consumer.assignment());
        toResume.retainAll(consumer.assignment());
        if (!toPause.isEmpty()) {
            consumer.pause(toPause);
        }
        if (!toResume.isEmpty()) {
            consumer.resume(toResume);
        }
        if (consumer.paused().isEmpty()) {
            return POLL;
        }
        // What rests is to go on as soon as there is room; what does not for long, such as a partition that a message
        // holds up, is looked at less and less.
        boolean isAsBefore = toPause.isEmpty() && toResume.isEmpty();
        restingMillis = isAsBefore ? Math.min(2 * restingMillis, POLL.toMillis()) : SHORT_POLL_MILLIS;
        return Duration.ofMillis(restingMillis);
    }

    // Markers of transactions and records that were compacted away advance a consumer without giving it anything.
    private void lookWhereNothingWaits() {
        List<TopicPartition> idle = new ArrayList<>();
        backlog.eachWindow((window, bytes) -> {
            if (window.size() == 0) {
                idle.add(window.partition);
            }
        });
        for (TopicPartition partition : idle) {
            try {
                backlog.arrive(partition, List.of(), consumer.position(partition, INSTANT));
            } catch (TimeoutException | IllegalStateException e) {
                log.trace("The position of {} is not known yet", partition, e);
            }
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        backlog.assign(partitions);
        // Whoever waits for this member to be one hears of it with the end of this poll.
        lastIdleLook = System.nanoTime() - IDLE_LOOK_NANOS;
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        try {
            var finished = backlog.quiesce(partitions, limits.revocationTimeout());
            if (!commits.commitNow(finished, limits.closeTimeout())) {
                log.atWarn()
                        .addKeyValue("group", consumer.groupMetadata().groupId())
                        .addKeyValue("partitions", finished.keySet())
                        .log(
                                "The offsets of {} could not be committed: what they stand for comes again",
                                finished.keySet());
            }
        } finally {
            backlog.drop(partitions);
        }
    }

    // Somebody else has them already: a commit would move the offsets under that member.
    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        backlog.drop(partitions);
    }
}
