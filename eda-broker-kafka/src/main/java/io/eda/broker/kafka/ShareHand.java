package io.eda.broker.kafka;

import io.eda.transport.Delivery;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.ReceiverStatus;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** One of the share consumers of a member, and its thread: it opens one consumer after the other, until it is ended. */
final class ShareHand {

    private static final Logger log = LoggerFactory.getLogger(ShareHand.class);
    private static final Duration ADMIN_LIMIT = Duration.ofSeconds(20);

    private final ReceiveRequest request;
    private final Part part;
    private final Consumer<List<Delivery>> onDeliveries;
    private final KafkaOptions options;
    private final Topology topology;
    private final Member member;
    private final RecordCodec codec;
    private final Destination redeliveries;
    private final ReadTopics topics;
    private final ConsumerHealth health = new ConsumerHealth();
    private final SessionThread thread;
    private volatile ShareBatch batch = new ShareBatch();
    // Guarded by this.
    private boolean isPaused;

    ShareHand(
            ReceiveRequest request,
            Part part,
            Consumer<List<Delivery>> onDeliveries,
            KafkaOptions options,
            Topology topology,
            Member member) {
        this.request = request;
        this.part = part;
        this.onDeliveries = onDeliveries;
        this.options = options;
        this.topology = topology;
        this.member = member;
        this.codec = new RecordCodec(options.topics());
        this.redeliveries = Destination.redeliveryTo(request.group());
        this.topics = new ReadTopics(topology, options.topics().discovery(), redeliveries.topic());
        this.thread = new SessionThread("eda-kafka-share-" + request.group(), this::receive, this::failed);
    }

    /** How many messages a hand may hold, and of which topics. */
    record Part(int maxInFlight, boolean readsEvents, boolean readsRedeliveries) {}

    void start() {
        topology.onNewTopic(topics);
        thread.start();
    }

    private void receive() {
        int deliveryLimit = new ShareGroup(topology, request.group(), options.start()).prepare();
        Waiting.get(topology.made(redeliveries), ADMIN_LIMIT, "the topic " + redeliveries.topic());
        topics.lookNow(ADMIN_LIMIT);
        Duration half = options.limits().closeTimeout().dividedBy(2);
        var terms = new ShareSession.Terms(
                request.group(),
                new Decoding(request, codec),
                deliveryLimit,
                onDeliveries,
                member,
                (message, attempts) -> codec.encodeAgain(message, redeliveries, attempts),
                health,
                half);
        ShareBatch fresh = begun();
        ShareConsumer<byte[], byte[]> consumer = new KafkaShareConsumer<>(
                new ClientProperties(options).shareConsumer(request.group(), part.maxInFlight()));
        try {
            ShareSession session = new ShareSession(consumer, fresh, terms);
            try {
                session.run(thread::isOpen, this::topicsToRead);
            } finally {
                session.end();
            }
        } finally {
            consumer.close(half);
        }
    }

    // A pause that comes meanwhile is for this batch too.
    private synchronized ShareBatch begun() {
        ShareBatch fresh = new ShareBatch();
        fresh.pause(isPaused);
        batch = fresh;
        return fresh;
    }

    private Set<String> topicsToRead() {
        if (!part.readsEvents()) {
            return Set.of(redeliveries.topic());
        }
        Set<String> all = new HashSet<>(topics.current());
        if (!part.readsRedeliveries()) {
            all.remove(redeliveries.topic());
        }
        return all;
    }

    private void failed(Throwable failure) {
        boolean isNews = health.failed(ShareGroup.explained(request.group(), failure));
        log.atLevel(isNews ? Level.WARN : Level.DEBUG)
                .addKeyValue("group", request.group())
                .log("'{}' lost a share consumer and opens another: {}", request.group(), failure.toString());
    }

    synchronized void pause(boolean newIsPaused) {
        isPaused = newIsPaused;
        batch.pause(newIsPaused);
    }

    ReceiverStatus status() {
        return health.status();
    }

    /** Asks it to end. Returns whether this was the first to ask. */
    boolean end() {
        boolean wasOpen = thread.end();
        topology.forget(topics);
        batch.end();
        return wasOpen;
    }

    boolean isThis(Thread other) {
        return thread.isThis(other);
    }

    void awaitEnd(Duration limit) {
        thread.awaitEnd(limit);
        health.closed();
    }
}
