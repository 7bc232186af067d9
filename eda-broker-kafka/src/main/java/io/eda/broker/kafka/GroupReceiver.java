package io.eda.broker.kafka;

import io.eda.transport.Delivery;
import io.eda.transport.Message;
import io.eda.transport.ReceiveRequest;
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
import org.apache.kafka.clients.producer.KafkaProducer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** One member of a consumer group: it opens consumers, one after the other, for as long as it is open itself. */
final class GroupReceiver implements KafkaReceiver {

    private static final Logger log = LoggerFactory.getLogger(GroupReceiver.class);
    private static final Duration ADMIN_LIMIT = Duration.ofSeconds(20);

    private final ReceiveRequest request;
    private final KafkaOptions options;
    private final Topology topology;
    private final String instanceSuffix;
    private final Runnable onClose;
    private final Function<Message, CompletableFuture<Void>> deadLetters;
    private final Backlog backlog;
    private final Dispatcher dispatcher;
    private final ConsumerHealth health = new ConsumerHealth();
    private final SessionThread thread;
    private final ReadTopics topics;

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
        this.deadLetters = member.deadLetters();
        Decoding decoding = new Decoding(request, new RecordCodec(options.topics()));
        this.backlog = new Backlog(request.maxInFlight(), decoding, member.outputs());
        this.dispatcher = new Dispatcher(request, onDeliveries, backlog, member.deadLetters());
        this.thread = new SessionThread("eda-kafka-poll-" + request.group(), this::receive, this::failed);
        Destination redeliveries = Destination.redeliveryTo(request.group());
        this.topics = new ReadTopics(topology, options.topics().discovery(), redeliveries.topic());
    }

    @Override
    public void start() {
        topology.onNewTopic(topics);
        dispatcher.start();
        thread.start();
    }

    private void failed(Throwable failure) {
        boolean isNews = health.failed(ShareGroup.explained(request.group(), failure));
        log.atLevel(isNews ? Level.WARN : Level.DEBUG)
                .addKeyValue("group", request.group())
                .log("'{}' lost its consumer and opens another: {}", request.group(), failure.toString());
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
            receiveWith(consumer);
        } finally {
            metrics.ifPresent(KafkaClientMetrics::close);
            consumer.close(CloseOptions.timeout(options.limits().closeTimeout().dividedBy(2)));
        }
    }

    private void receiveWith(Consumer<byte[], byte[]> consumer) {
        int windowLimit = Math.max(options.limits().maxBuffered(), request.maxInFlight());
        Commits commits = commits(consumer);
        try {
            commits.open();
            var session = new ConsumerSession(consumer, backlog, commits, options.limits(), windowLimit, health);
            try {
                session.run(thread::isOpen, topics::current);
            } finally {
                session.end();
            }
        } finally {
            commits.close();
        }
    }

    private Commits commits(Consumer<byte[], byte[]> consumer) {
        if (options.transactions().isEmpty()) {
            return new OffsetCommits(consumer, backlog);
        }
        var properties = new ClientProperties(options).transactional(request.group(), instanceSuffix);
        return new TransactionalCommits(consumer, backlog, topology, new KafkaProducer<>(properties), deadLetters);
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
        if (!thread.end()) {
            return;
        }
        topology.forget(topics);
        backlog.close();
        Thread caller = Thread.currentThread();
        if (!dispatcher.isThis(caller) && !thread.isThis(caller)) {
            // Half of it is for the last commit, half for leaving the group.
            Duration limit = options.limits().closeTimeout().plusMillis(500);
            thread.awaitEnd(limit);
            dispatcher.awaitEnd(limit);
        }
        health.closed();
        onClose.run();
    }
}
