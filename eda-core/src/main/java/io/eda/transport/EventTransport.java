package io.eda.transport;

import java.util.Collections;
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

    /**
     * Tells how far a group has come with some messages: an answer for each, in their order. It is found out from what the broker keeps
     * anyway, and changes nothing. Of a message that was published more than once, its last copy counts, as far as it was looked. Blocks, but
     * not longer than the request allows, and throws nothing because of the broker: whatever cannot be found out is
     * {@link GroupProgress.Unknown}, which is the answer of all transports whose broker forgets what it has delivered.
     */
    default List<GroupProgress> progress(ProgressRequest request) {
        return Collections.nCopies(
                request.messages().size(), new GroupProgress.Unknown("its broker does not keep what it delivered"));
    }

    /** Closes all receivers and fails all publish futures that are open. Idempotent. */
    @Override
    void close();
}
