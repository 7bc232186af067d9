package io.eda.bus;

import io.eda.event.Event;
import io.eda.event.EventRecord;
import io.eda.intervention.Interventions;
import io.eda.parking.ParkedMessages;
import io.eda.serialization.EventSerializer;
import io.eda.telemetry.Tracing;
import io.eda.transport.Capability;
import io.eda.transport.EventTransport;
import io.eda.transport.GroupProgress;
import io.eda.transport.ProgressRequest;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Function;

/**
 * Publish and subscribe over any transport.
 *
 * <ul>
 *   <li><b>At least once.</b> An event whose future completed reaches every group that subscribes to it, again until its handler
 *       returns, or its attempts are used up and it is kept elsewhere, as the options say.
 *   <li><b>In order.</b> The events of one aggregate are handled one after the other, in the order in which they were published; those
 *       of others at the same time.
 *   <li><b>Isolated.</b> A handler that fails holds up the aggregate concerned in its own group, and nobody else.
 * </ul>
 *
 * <p>Thread-safe. Closing closes the subscriptions, then the transport; meanwhile handlers at work may still publish, and afterwards
 * every publish future fails.
 */
public final class EventBus implements AutoCloseable {

    private static final String DEFAULT_SOURCE = "/eda";

    private final EventTransport transport;
    private final EventSerializer serializer;
    private final MessageCodec codec;
    private final ScheduledThreadPoolExecutor timer;
    private final Signals signals;
    private final Publishing publishing;
    private final BusParts parts;
    private final Optional<Interventions> interventions;

    private final Set<Consumption> open = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private boolean isClosing;

    /** Opens a bus over {@code transport} with the defaults of {@link #builder}. */
    public EventBus(EventTransport transport, EventSerializer serializer) {
        this(builder(transport, serializer));
    }

    private EventBus(Builder builder) {
        transport = builder.transport;
        serializer = builder.serializer;
        codec = new MessageCodec(builder.source, builder.isStructured);
        // Its one thread starts with the first pause.
        timer = new ScheduledThreadPoolExecutor(1, HandlerThreads.daemons("eda-timer"));
        timer.setRemoveOnCancelPolicy(true);
        interventions = builder.interventions;
        signals = new Signals(new BusMeters(), builder.tracing);
        publishing = new Publishing(transport, codec, signals);
        parts = new BusParts(
                transport, serializer, codec, builder.executor, builder.parking, timer, builder.clock, signals);
    }

    /** Returns a bus to set up, over {@code transport}. */
    public static Builder builder(EventTransport transport, EventSerializer serializer) {
        return new Builder(transport, serializer);
    }

    /**
     * Begins to count what is published, and what becomes of it in every subscription, those that come later included: the meters that
     * begin with {@code eda.bus}.
     *
     * @throws IllegalStateException if it is bound already
     */
    public void bindTo(MeterRegistry registry) {
        signals.meters().bindTo(registry);
    }

    /** Publishes an event; the future completes when the transport answers for it, or fails. */
    public CompletableFuture<Void> publish(Event<?> event) {
        return publishRecords(List.of(codec.recordOf(event, serializer.serialize(event.data()))))
                .get(0);
    }

    /** Publishes events as they were stored, in their order; a future for each, in the same order. */
    public List<CompletableFuture<Void>> publishRecords(List<EventRecord> events) {
        return publishRecords(events, event -> event.aggregateId().type());
    }

    /**
     * As {@link #publishRecords(List)}, each to the topic that {@code topics} names, instead of one for its kind of aggregate. What a
     * topic is, the transport says: where there are none, it is a word beside the message. The events of one aggregate keep their
     * order as long as they get one topic.
     */
    public List<CompletableFuture<Void>> publishRecords(
            List<EventRecord> events, Function<EventRecord, String> topics) {
        return publishing.publish(events, topics);
    }

    /**
     * Subscribes; close the subscription to unsubscribe.
     *
     * @throws IllegalStateException if the bus is closed, or has no store for keys that the options let it park
     * @throws IllegalArgumentException if members of the group want other types
     */
    public Subscription subscribe(SubscriptionOptions options, EventHandler handler) {
        return subscribed(options, event -> {
            handler.handle(event);
            return List.of();
        });
    }

    /**
     * Subscribes a processor, whose events are published in one transaction with the acknowledgement of the event of which they
     * were made: whoever reads what is committed sees each result once, whatever crashes.
     *
     * @throws IllegalArgumentException if the transport has no transactions, or the options ask for what does not go with them
     */
    public Subscription process(SubscriptionOptions options, EventProcessor processor) {
        if (!transport.capabilities().contains(Capability.TRANSACTIONS)) {
            throw new IllegalArgumentException(
                    "The group '" + options.group() + "' is to publish and acknowledge in one"
                            + " transaction, and its transport has none: use one that declares TRANSACTIONS, such as Kafka with"
                            + " KafkaOptions.withTransactions, or subscribe and publish at least once");
        }
        if (!options.isOrdered()
                || options.exhausted() == Exhausted.PARK_KEY
                || options.deduplication().isPresent()) {
            throw new IllegalArgumentException(
                    "The group '" + options.group() + "' is to publish and acknowledge in one"
                            + " transaction, which goes neither without order, nor with parked keys, nor with a store that remembers"
                            + " what was handled: leave them out");
        }
        return subscribed(options, processor);
    }

    private Subscription subscribed(SubscriptionOptions options, EventProcessor processor) {
        Consumption consumption = new Consumption(options, processor, parts, open::remove);
        open.add(consumption);
        try {
            refuseWhenClosed(options.group());
            consumption.start(transport);
            // Closed meanwhile, it may have been missed by close().
            refuseWhenClosed(options.group());
        } catch (RuntimeException e) {
            consumption.close();
            throw e;
        }
        return consumption;
    }

    private synchronized void refuseWhenClosed(String group) {
        if (isClosing) {
            throw new IllegalStateException("The group '" + group + "' cannot subscribe: the bus is closed");
        }
    }

    /** Returns the dead letters of {@code group}, whether it is subscribed now or not. */
    public DeadLetters deadLetters(String group) {
        return new DeadLetters(group, transport.deadLetters(group), noting(group));
    }

    /**
     * Tells how far {@code group} has come with each of {@code events}, in their order, as far as the broker knows: looks through
     * {@code maxRecords} of its messages and blocks for {@code timeout}, both at most. What was published to another topic than that of its
     * kind of aggregate is not found.
     */
    public List<GroupProgress> progress(String group, List<EventRecord> events, int maxRecords, Duration timeout) {
        var sought = events.stream().map(MessageCodec::sought).toList();
        return transport.progress(new ProgressRequest(group, sought, maxRecords, timeout));
    }

    /**
     * Returns what {@code group} has parked, whether it is subscribed now or not.
     *
     * @throws IllegalStateException if the bus was built without a store of parked messages
     */
    public ParkedKeys parkedKeys(String group) {
        return new ParkedKeys(group, parts.parkingFor(group), noting(group));
    }

    private Noting noting(String group) {
        return new Noting(group, interventions, parts.clock());
    }

    /**
     * Closes all subscriptions at once, then the transport. Idempotent; may be called by a handler, and then does not wait.
     */
    @Override
    public void close() {
        List<Consumption> all = List.copyOf(open);
        boolean isHandler = all.stream().anyMatch(Consumption::isRunByCaller);
        beginClose(all);
        if (!isHandler) {
            closed.join();
        }
    }

    private void beginClose(List<Consumption> all) {
        synchronized (this) {
            if (isClosing) {
                return;
            }
            isClosing = true;
        }
        CompletableFuture<?>[] ends = all.stream().map(Consumption::beginClose).toArray(CompletableFuture[]::new);
        var unused = CompletableFuture.allOf(ends).whenComplete((done, failure) -> {
            try {
                transport.close();
                timer.shutdownNow();
                closed.complete(null);
            } catch (RuntimeException e) {
                closed.completeExceptionally(e);
            }
        });
    }

    /** Sets up a bus. Not thread-safe. */
    public static final class Builder {

        private final EventTransport transport;
        private final EventSerializer serializer;
        private String source = DEFAULT_SOURCE;
        private boolean isStructured;
        private Optional<Executor> executor = Optional.empty();
        private Optional<ParkedMessages> parking = Optional.empty();
        private Optional<Interventions> interventions = Optional.empty();
        private Clock clock = Clock.systemUTC();
        private Tracing tracing = Tracing.off();

        private Builder(EventTransport transport, EventSerializer serializer) {
            this.transport = transport;
            this.serializer = serializer;
        }

        /** Sets the CloudEvents source of what is published: a URI reference that names the application; {@code /eda} by default. */
        public Builder source(String uriReference) {
            source = uriReference;
            return this;
        }

        /**
         * Publishes events in CloudEvents' structured mode, each one JSON with its envelope, instead of with the envelope in headers.
         * Subscriptions read both.
         */
        public Builder structured() {
            isStructured = true;
            return this;
        }

        /**
         * Runs handlers on {@code threads}, which stays the caller's to close. By default each subscription has its own: virtual threads
         * where the runtime has them, a pool as large as its concurrency else.
         */
        public Builder executor(Executor threads) {
            executor = Optional.of(threads);
            return this;
        }

        /** Keeps the messages of {@linkplain Exhausted#PARK_KEY parked keys} in {@code store}. */
        public Builder parking(ParkedMessages store) {
            parking = Optional.of(store);
            return this;
        }

        /** Writes down in {@code store} which dead letters and parked keys were replayed or dropped; by default nobody does. */
        public Builder interventions(Interventions store) {
            interventions = Optional.of(store);
            return this;
        }

        /**
         * Tells {@code registry} of every event: {@code eda.relay} and {@code eda.publish} until the transport answers, {@code eda.receive}
         * until it is settled, and {@code eda.handle} for each attempt, all in one trace, whose context travels in the headers.
         */
        public Builder observedBy(ObservationRegistry registry) {
            tracing = Tracing.by(registry);
            return this;
        }

        /** Takes the times of failures from {@code source}; the system's by default. */
        public Builder clock(Clock source) {
            clock = source;
            return this;
        }

        /** Returns the bus. */
        public EventBus build() {
            return new EventBus(this);
        }
    }
}
