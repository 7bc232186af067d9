package io.eda.bus;

import io.eda.event.Event;
import io.eda.event.EventRecord;
import io.eda.serialization.EventSerializer;
import io.eda.transport.EventTransport;
import io.eda.transport.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Publish and subscribe over any transport.
 *
 * <ul>
 *   <li><b>At least once.</b> An event whose future completed reaches every group that subscribes to it, again until its
 *       handler returns.
 *   <li><b>In order.</b> The events of one aggregate are handled one after the other, in the order in which they were
 *       published; those of others at the same time.
 *   <li><b>Isolated.</b> A handler that fails holds up the aggregate concerned in its own group, and nobody else. The event is
 *       tried again until it succeeds; it is never dropped.
 * </ul>
 *
 * <p>Thread-safe. Closing closes the subscriptions, then the transport.
 */
public final class EventBus implements AutoCloseable {

    private final EventTransport transport;
    private final EventSerializer serializer;
    private final MessageCodec codec;
    private final Set<Consumption> open = ConcurrentHashMap.newKeySet();

    /** Opens a bus over {@code transport}, whose events say that they come from {@code /eda}. */
    public EventBus(EventTransport transport, EventSerializer serializer) {
        this(transport, serializer, "/eda");
    }

    /** As above, with the CloudEvents source of what is published: a URI reference that names the application. */
    public EventBus(EventTransport transport, EventSerializer serializer, String source) {
        this.transport = transport;
        this.serializer = serializer;
        this.codec = new MessageCodec(source);
    }

    /** Publishes an event; the future completes when the transport answers for it, or fails. */
    public CompletableFuture<Void> publish(Event<?> event) {
        return publishRecords(List.of(codec.recordOf(event, serializer.serialize(event.data()))))
                .get(0);
    }

    /** Publishes events as they were stored, in their order; a future for each, in the same order. */
    public List<CompletableFuture<Void>> publishRecords(List<EventRecord> events) {
        List<Message> messages = new ArrayList<>(events.size());
        for (EventRecord event : events) {
            messages.add(codec.encode(event));
        }
        return transport.publish(messages);
    }

    /** Subscribes; close the subscription to unsubscribe. */
    public Subscription subscribe(SubscriptionOptions options, EventHandler handler) {
        Consumption consumption = new Consumption(options, handler, codec, serializer, open::remove);
        open.add(consumption);
        try {
            consumption.start(transport);
        } catch (RuntimeException e) {
            consumption.close();
            throw e;
        }
        return consumption;
    }

    /** Closes all subscriptions, then the transport. Idempotent. */
    @Override
    public void close() {
        List.copyOf(open).forEach(Consumption::close);
        transport.close();
    }
}
