package io.eda.broker.kafka;

import io.eda.transport.Delivery;
import io.eda.transport.Message;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.TypePattern;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One receiver's thread that decodes, filters and hands out: away from the poll, which must not wait for anybody. */
final class Dispatcher {

    private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);
    private static final Duration BURIAL_PAUSE = Duration.ofSeconds(1);
    private static final int MAX_KNOWN_TYPES = 10_000;

    private final ReceiveRequest request;
    private final Consumer<List<Delivery>> onDeliveries;
    private final Backlog backlog;
    private final RecordCodec codec;
    private final Function<Message, CompletableFuture<Void>> deadLetters;
    private final String redeliveries;
    private final boolean wantsAll;
    private final Map<String, Boolean> wantedTypes = new HashMap<>();
    private final Thread thread;
    // Told once, until one is written.
    private volatile boolean isUnwritten;

    Dispatcher(
            ReceiveRequest request,
            Consumer<List<Delivery>> onDeliveries,
            Backlog backlog,
            RecordCodec codec,
            Function<Message, CompletableFuture<Void>> deadLetters) {
        this.request = request;
        this.onDeliveries = onDeliveries;
        this.backlog = backlog;
        this.codec = codec;
        this.deadLetters = deadLetters;
        this.redeliveries = Destination.redeliveryTo(request.group()).topic();
        this.wantsAll = request.types().contains(TypePattern.everything());
        this.thread = Threads.named("eda-kafka-dispatch-" + request.group()).newThread(this::dispatchUntilClosed);
    }

    void start() {
        thread.start();
    }

    boolean isThis(Thread other) {
        return thread == other;
    }

    void awaitEnd(Duration limit) {
        Waiting.forEnd(thread, limit);
    }

    private void dispatchUntilClosed() {
        while (backlog.awaitWork()) {
            decodeArrived();
            backlog.takeRejected().forEach(this::bury);
            deliver();
        }
    }

    private void decodeArrived() {
        List<Entry> entries = backlog.takeArrived();
        if (entries.isEmpty()) {
            return;
        }
        List<@Nullable Message> messages = new ArrayList<>(entries.size());
        for (Entry entry : entries) {
            messages.add(decoded(entry));
        }
        backlog.line(entries, messages);
    }

    private @Nullable Message decoded(Entry entry) {
        ConsumerRecord<byte[], byte[]> record = entry.fetched;
        if (record == null) {
            return null;
        }
        try {
            return isWanted(record) ? codec.decode(record) : null;
        } catch (RuntimeException e) {
            // Whatever is wrong with it, it must neither end this thread nor hold up its partition: it will be a dead
            // letter.
            log.warn("The record at {} is no message: {}", entry.position, e.toString());
            return codec.bare(record);
        }
    }

    // What tells no type cannot be chosen by one: every group gets it, so that it ends as a dead letter and not unseen.
    private boolean isWanted(ConsumerRecord<byte[], byte[]> record) {
        if (wantsAll || record.topic().equals(redeliveries)) {
            return true;
        }
        String type = codec.typeOf(record);
        if (wantedTypes.size() > MAX_KNOWN_TYPES) {
            wantedTypes.clear();
        }
        return type.isEmpty() || wantedTypes.computeIfAbsent(type, request::wants);
    }

    private void deliver() {
        List<KafkaDelivery> deliveries = backlog.takeDeliverable();
        if (deliveries.isEmpty()) {
            return;
        }
        try {
            onDeliveries.accept(List.copyOf(deliveries));
        } catch (Throwable e) {
            log.error(
                    "'{}' threw instead of settling; what it was given stays unsettled until it closes",
                    request.group(),
                    e);
        }
    }

    private void bury(Entry entry) {
        var unused = deadLetters.apply(entry.decoded()).whenComplete((nothing, failure) -> {
            if (failure == null) {
                isUnwritten = false;
                backlog.buried(entry);
            } else {
                if (!isUnwritten) {
                    isUnwritten = true;
                    log.atWarn()
                            .addKeyValue("group", request.group())
                            .addKeyValue("position", entry.position)
                            .log("A dead letter is not written yet, and is tried again: {}", failure.getMessage());
                }
                backlog.notBuried(entry, BURIAL_PAUSE);
            }
        });
    }
}
