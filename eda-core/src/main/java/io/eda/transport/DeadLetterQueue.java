package io.eda.transport;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What one group could not handle, kept by its transport until somebody decides about it. As durable as the transport's own
 * messages. Thread-safe.
 */
public interface DeadLetterQueue {

    /** Keeps {@code letter}. The future completes when the transport answers for it, or fails. */
    CompletableFuture<Void> add(Message letter);

    /** Returns the oldest letters, {@code limit} at most, and leaves them where they are. Blocks, up to the transport's deadline. */
    List<Message> read(int limit);

    /** Forgets the letters of the message id {@code id}. Returns whether there was one. Blocks, up to the transport's deadline. */
    boolean remove(String id);

    /** Publishes {@code message} to this group alone; to the group it is a new message, in its first attempt. */
    CompletableFuture<Void> redeliver(Message message);
}
