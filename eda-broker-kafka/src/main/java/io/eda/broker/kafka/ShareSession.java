package io.eda.broker.kafka;

import io.eda.transport.Delivery;
import io.eda.transport.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The life of one share consumer, on the thread that polls it. It acquires a batch, hands it out, tells the broker what is
 * settled, and renews its hold on the rest for as long as that takes; then it acquires the next.
 */
final class ShareSession {

    private static final Logger log = LoggerFactory.getLogger(ShareSession.class);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration WRITING_PAUSE = Duration.ofSeconds(1);
    private static final long SLICE_NANOS = Duration.ofMillis(20).toNanos();
    private static final long LOOK_NANOS = Duration.ofMillis(500).toNanos();
    private static final int DEFAULT_LOCK_MILLIS = 30_000;

    private final ShareConsumer<byte[], byte[]> consumer;
    private final ShareBatch batch;
    private final Terms terms;
    private Set<String> subscribed = Set.of();
    private long lastLook = System.nanoTime() - LOOK_NANOS;
    private long lastAcquired = System.nanoTime();

    // On the threads of the producer.
    private volatile boolean isUnwritten;

    /**
     * What a session works with.
     *
     * @param group whose messages these are
     * @param decoding what the records are
     * @param deliveryLimit after how many deliveries the broker gives a record up
     * @param onDeliveries who gets the messages
     * @param member where what is rejected, or is near its limit, goes
     * @param redelivery makes a record for the group itself of what was delivered too often
     * @param health who is told how it goes
     * @param closeTimeout how long the last acknowledgements may take
     */
    record Terms(
            String group,
            Decoding decoding,
            int deliveryLimit,
            Consumer<List<Delivery>> onDeliveries,
            Member member,
            RecordCodec.Again redelivery,
            ConsumerHealth health,
            Duration closeTimeout) {}

    ShareSession(ShareConsumer<byte[], byte[]> consumer, ShareBatch batch, Terms terms) {
        this.consumer = consumer;
        this.batch = batch;
        this.terms = terms;
        consumer.setAcknowledgementCommitCallback((offsets, failure) -> {
            if (failure != null) {
                log.atWarn()
                        .addKeyValue("group", terms.group())
                        .addKeyValue("partitions", offsets.keySet())
                        .log("What was acknowledged of {} may come again: {}", offsets, failure.toString());
            }
        });
    }

    /** Receives while {@code isOpen}, from the topics that {@code topics} names at the moment. */
    void run(BooleanSupplier isOpen, Supplier<Set<String>> topics) {
        while (isOpen.getAsBoolean()) {
            subscribe(topics.get());
            look();
            if (subscribed.isEmpty()) {
                // There is no topic yet: a consumer without one does not poll.
                batch.await(POLL.toNanos());
            } else if (!batch.awaitResumed(POLL.toNanos())) {
                take(consumer.poll(POLL));
                work(isOpen);
            }
        }
    }

    private void subscribe(Set<String> topics) {
        if (!topics.equals(subscribed)) {
            subscribed = topics;
            consumer.subscribe(topics);
        }
    }

    private void look() {
        long now = System.nanoTime();
        if (now - lastLook >= LOOK_NANOS) {
            lastLook = now;
            terms.health().look(consumer);
        }
    }

    private void take(ConsumerRecords<byte[], byte[]> records) {
        List<Delivery> deliveries = new ArrayList<>(records.count());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Message message = terms.decoding().messageOf(record);
            if (message == null) {
                consumer.acknowledge(record, AcknowledgeType.ACCEPT);
                continue;
            }
            Held held = new Held(record, message, RecordCodec.attemptOf(record));
            if (held.isNearLimit(terms.deliveryLimit())) {
                // After its last delivery the broker drops a record and tells nobody. A copy is counted anew.
                batch.write(held, AcknowledgeType.ACCEPT);
            } else {
                deliveries.add(batch.deliver(held));
            }
        }
        if (!records.isEmpty()) {
            lastAcquired = System.nanoTime();
        }
        handOut(deliveries);
    }

    private void handOut(List<Delivery> deliveries) {
        if (deliveries.isEmpty()) {
            return;
        }
        try {
            terms.onDeliveries().accept(List.copyOf(deliveries));
        } catch (Throwable e) {
            log.atError()
                    .addKeyValue("group", terms.group())
                    .addKeyValue("messages", deliveries.size())
                    .setCause(e)
                    .log("A receiver threw instead of settling; what it was given stays unsettled until it closes");
        }
    }

    private void work(BooleanSupplier isOpen) {
        while (isOpen.getAsBoolean() && !batch.isEmpty()) {
            batch.await(SLICE_NANOS);
            batch.takeToWrite().forEach(this::write);
            boolean isAnySettled = acknowledgeDone();
            // The next poll carries the last ones along with its fetch.
            if (isAnySettled && !batch.isEmpty()) {
                consumer.commitAsync();
            }
            if (System.nanoTime() - lastAcquired > lockNanos() / 3) {
                renew(isOpen);
            }
            look();
        }
    }

    private long lockNanos() {
        return Duration.ofMillis(consumer.acquisitionLockTimeoutMs().orElse(DEFAULT_LOCK_MILLIS))
                .toNanos();
    }

    private boolean acknowledgeDone() {
        List<Held> done = batch.takeDone();
        done.forEach(held -> consumer.acknowledge(held.record, held.outcome));
        return !done.isEmpty();
    }

    private void write(Held held) {
        CompletableFuture<Void> writing = held.outcome == AcknowledgeType.REJECT
                ? terms.member().deadLetters().apply(held.message)
                : terms.member().redeliveries().apply(terms.redelivery().of(held.message, held.attempt - 1));
        var unused = writing.whenComplete((nothing, failure) -> {
            if (failure == null) {
                isUnwritten = false;
                batch.written(held);
            } else {
                log.atLevel(isUnwritten ? Level.DEBUG : Level.WARN)
                        .addKeyValue("group", terms.group())
                        .addKeyValue("messageId", held.message.id())
                        .log(
                                "The copy of {} is not written yet, and is tried again: {}",
                                held.message,
                                failure.getMessage());
                isUnwritten = true;
                batch.notWritten(held, WRITING_PAUSE);
            }
        });
    }

    /**
     * Holds what is unsettled for longer. The driver takes such records back, and gives them out again with a later poll when
     * the broker has agreed; what it does not give out again is lost to another member.
     */
    private void renew(BooleanSupplier isOpen) {
        List<Held> held = batch.all();
        if (held.isEmpty()) {
            return;
        }
        held.forEach(one -> consumer.acknowledge(one.record, AcknowledgeType.RENEW));
        long lock = lockNanos();
        var unused = consumer.commitSync(Duration.ofNanos(lock / 3));
        ConsumerRecords<byte[], byte[]> back = consumer.poll(POLL);
        while (back.isEmpty() && isOpen.getAsBoolean() && System.nanoTime() - lastAcquired < lock) {
            back = consumer.poll(POLL);
        }
        Set<Held> lost = new HashSet<>(held);
        boolean areTheirs = false;
        for (ConsumerRecord<byte[], byte[]> record : back) {
            areTheirs |= batch.find(record).filter(lost::remove).isPresent();
        }
        batch.lose(lost);
        if (!lost.isEmpty()) {
            log.atWarn()
                    .addKeyValue("group", terms.group())
                    .addKeyValue("messages", lost.size())
                    .log(
                            "{} messages could not be held for longer: another member has them, or will have",
                            lost.size());
        }
        lastAcquired = System.nanoTime();
        if (!areTheirs) {
            // None was held for longer, and so the driver has fetched anew.
            take(back);
        }
    }

    /** Tells the broker what is settled, and gives the rest back. */
    void end() {
        batch.end();
        try {
            acknowledgeDone();
            List<Held> rest = batch.all();
            rest.forEach(held -> consumer.acknowledge(held.record, AcknowledgeType.RELEASE));
            batch.lose(rest);
            var unused = consumer.commitSync(terms.closeTimeout());
        } catch (KafkaException | IllegalStateException e) {
            batch.lose(batch.all());
            log.atWarn()
                    .addKeyValue("group", terms.group())
                    .log(
                            "The last acknowledgements could not be told: what they stand for comes again: {}",
                            e.toString());
        }
    }
}
