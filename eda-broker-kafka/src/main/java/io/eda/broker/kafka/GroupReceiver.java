package io.eda.broker.kafka;

import io.eda.transport.Delivery;
import io.eda.transport.Message;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.Receiver;
import io.eda.transport.ReceiverStatus;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One member of a consumer group: it opens consumers, one after the other, for as long as it is open itself. */
final class GroupReceiver implements Receiver {

    private static final Logger log = LoggerFactory.getLogger(GroupReceiver.class);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration ADMIN_LIMIT = Duration.ofSeconds(20);

    private final ReceiveRequest request;
    private final KafkaOptions options;
    private final Topology topology;
    private final String instanceSuffix;
    private final Runnable onClose;
    private final Backlog backlog;
    private final Dispatcher dispatcher;
    private final ConsumerHealth health = new ConsumerHealth();
    private final Thread thread;
    private final ReadTopics topics;
    private final Object pauseLock = new Object();
    private volatile boolean isOpen = true;

    GroupReceiver(
            ReceiveRequest request,
            java.util.function.Consumer<List<Delivery>> onDeliveries,
            KafkaOptions options,
            Topology topology,
            Member member) {
        this.request = request;
        this.options = options;
        this.topology = topology;
        this.instanceSuffix = member.instanceSuffix();
        this.onClose = member.onClose();
        this.backlog = new Backlog(request.maxInFlight());
        RecordCodec codec = new RecordCodec(options.topics());
        this.dispatcher = new Dispatcher(request, onDeliveries, backlog, codec, member.deadLetters());
        this.thread = Threads.named("eda-kafka-poll-" + request.group()).newThread(this::receiveUntilClosed);
        Destination redeliveries = Destination.redeliveryTo(request.group());
        this.topics = new ReadTopics(topology, options.topics().discovery(), redeliveries.topic());
    }

    /**
     * What the transport knows of a member.
     *
     * @param instanceSuffix what is put behind {@code group.instance.id}, so that members of one transport differ
     * @param deadLetters where rejected messages go
     * @param onClose what is run when the member is gone
     */
    record Member(String instanceSuffix, Function<Message, CompletableFuture<Void>> deadLetters, Runnable onClose) {}

    void start() {
        topology.onNewTopic(topics);
        dispatcher.start();
        thread.start();
    }

    private void receiveUntilClosed() {
        Duration pause = SHORTEST_PAUSE;
        while (isOpen) {
            long begun = System.nanoTime();
            try {
                receive();
            } catch (Throwable e) {
                if (isOpen) {
                    health.failed(e);
                    log.warn("'{}' lost its consumer and opens another: {}", request.group(), e.toString());
                }
            }
            boolean wasLong = System.nanoTime() - begun > LONGEST_PAUSE.toNanos() * 4;
            pause = wasLong || pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
                    ? (wasLong ? SHORTEST_PAUSE : LONGEST_PAUSE)
                    : pause.multipliedBy(2);
            pauseUnlessClosed(pause);
        }
    }

    private void receive() {
        Destination redeliveries = Destination.redeliveryTo(request.group());
        Waiting.get(topology.made(redeliveries), ADMIN_LIMIT, "the topic " + redeliveries.topic());
        new GroupStart(topology, options.start()).pin(request.group(), topics.lookNow(ADMIN_LIMIT));
        var properties = new ClientProperties(options).consumer(request.group(), instanceSuffix);
        Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties);
        Optional<KafkaClientMetrics> metrics = options.meters().map(registry -> {
            KafkaClientMetrics bound = new KafkaClientMetrics(consumer);
            bound.bindTo(registry);
            return bound;
        });
        try {
            int windowLimit = Math.max(options.limits().maxBuffered(), request.maxInFlight());
            var session = new ConsumerSession(consumer, backlog, options.limits(), windowLimit, health);
            try {
                session.run(() -> isOpen, topics::current);
            } finally {
                session.end();
            }
        } finally {
            metrics.ifPresent(KafkaClientMetrics::close);
            consumer.close(CloseOptions.timeout(options.limits().closeTimeout().dividedBy(2)));
        }
    }

    private void pauseUnlessClosed(Duration pause) {
        synchronized (pauseLock) {
            try {
                long end = System.nanoTime() + pause.toNanos();
                long left = pause.toMillis();
                while (isOpen && left > 0) {
                    pauseLock.wait(left);
                    left = (end - System.nanoTime()) / 1_000_000;
                }
            } catch (InterruptedException e) {
                isOpen = false;
            }
        }
    }

    @Override
    public void pause() {
        backlog.pause(true);
    }

    @Override
    public void resume() {
        backlog.pause(false);
    }

    @Override
    public ReceiverStatus status() {
        return health.status();
    }

    @Override
    public void close() {
        synchronized (pauseLock) {
            if (!isOpen) {
                return;
            }
            isOpen = false;
            pauseLock.notifyAll();
        }
        topology.forget(topics);
        backlog.close();
        boolean isOwnThread = dispatcher.isThis(Thread.currentThread()) || Thread.currentThread() == thread;
        if (!isOwnThread) {
            // Half of it is for the last commit, half for leaving the group.
            Duration limit = options.limits().closeTimeout().plusMillis(500);
            Waiting.forEnd(thread, limit);
            dispatcher.awaitEnd(limit);
        }
        health.closed();
        onClose.run();
    }
}
