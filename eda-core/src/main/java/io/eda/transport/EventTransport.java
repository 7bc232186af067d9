package io.eda.transport;

import java.util.List;
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
 *       next one is not delivered to another member while one is unsettled.
 *   <li><b>Competing.</b> Members of one group share its messages; every group gets all.
 * </ol>
 *
 * <p>Implementations are thread-safe.
 */
public interface EventTransport extends AutoCloseable {

    /**
     * Publishes messages in their order, and returns a future for each, in the same order. Does not wait for the broker.
     * After {@link #close} all of them fail.
     */
    List<CompletableFuture<Void>> publish(List<Message> messages);

    /**
     * Begins to receive. {@code onDelivery} is called by threads of the transport, must return at once, and takes over the
     * duty to settle.
     *
     * @throws IllegalArgumentException if the group is known with other patterns
     */
    Receiver receive(ReceiveRequest request, Consumer<Delivery> onDelivery);

    /** Closes all receivers and fails all publish futures that are open. Idempotent. */
    @Override
    void close();
}
