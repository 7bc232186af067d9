package io.eda.broker.kafka;

import io.eda.transport.Delivery;
import io.eda.transport.Message;
import io.eda.transport.ReceiveRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One receiver's thread that hands out: away from the poll, which must not wait for anybody. */
final class Dispatcher {

    private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);
    private static final Duration BURIAL_PAUSE = Duration.ofSeconds(1);

    private final ReceiveRequest request;
    private final Consumer<List<Delivery>> onDeliveries;
    private final Backlog backlog;
    private final Function<Message, CompletableFuture<Void>> deadLetters;
    private final Thread thread;
    // Told once, until one is written.
    private volatile boolean isUnwritten;

    Dispatcher(
            ReceiveRequest request,
            Consumer<List<Delivery>> onDeliveries,
            Backlog backlog,
            Function<Message, CompletableFuture<Void>> deadLetters) {
        this.request = request;
        this.onDeliveries = onDeliveries;
        this.backlog = backlog;
        this.deadLetters = deadLetters;
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
            backlog.takeRejected().forEach(this::bury);
            deliver();
        }
    }

    private void deliver() {
        List<Delivery> deliveries = backlog.takeDeliverable();
        if (deliveries.isEmpty()) {
            return;
        }
        try {
            onDeliveries.accept(deliveries);
        } catch (Throwable e) {
            log.atError()
                    .addKeyValue("group", request.group())
                    .addKeyValue("messages", deliveries.size())
                    .setCause(e)
                    .log(
                            "'{}' threw instead of settling; what it was given stays unsettled until it closes",
                            request.group());
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
                            .addKeyValue("messageId", entry.decoded().id())
                            .log("A dead letter is not written yet, and is tried again: {}", failure.getMessage());
                }
                backlog.notBuried(entry, BURIAL_PAUSE);
            }
        });
    }
}
