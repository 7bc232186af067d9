package io.eda.transport;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Moves messages between processes, or within one: what an adapter implements for one broker.
 *
 * <ol>
 *   <li><b>Confirmed.</b> A publish future completes normally only when the transport answers for the message, as its class
 *       says; each completes exactly once, alone.
 *   <li><b>At least once.</b> A confirmed message is delivered to every group that wants it, again and again until it is
 *       acknowledged.
 *   <li><b>In order by key.</b> A group gets messages of one topic and key in the order in which they were published; the
 *       next one is not delivered to another member while one is unsettled, where {@link Capability#ORDER_OVER_MEMBERS} is
 *       declared.
 *   <li><b>Competing.</b> Members of one group share its messages; every group gets all.
 * </ol>
 *
 * <p>Implementations are thread-safe.
 */
public interface EventTransport extends AutoCloseable {

    /** Returns what this transport promises beyond the promises of every transport. */
    Set<Capability> capabilities();

    /**
     * Publishes messages in their order, and returns a future for each, in the same order. Does not wait for the broker; every
     * future completes by the transport's deadline. They fail with a {@link PublishException}; after {@link #close} all do.
     */
    List<CompletableFuture<Void>> publish(List<Message> messages);

    /**
     * Begins to receive. {@code onDeliveries} is called by threads of the transport with one or more deliveries in their
     * order, one call at a time for messages of one key; it must return at once, and takes over the duty to settle. What it throws
     * is logged and ends nothing: what it was given stays unsettled.
     *
     * @throws IllegalArgumentException if the group is known with other patterns
     */
    Receiver receive(ReceiveRequest request, Consumer<List<Delivery>> onDeliveries);

    /** Returns the dead letters of {@code group}. */
    DeadLetterQueue deadLetters(String group);

    /** Closes all receivers and fails all publish futures that are open. Idempotent. */
    @Override
    void close();
}
