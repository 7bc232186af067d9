package io.eda.inmemory;

import io.eda.transport.DeadLetterQueue;
import io.eda.transport.Message;
import io.eda.transport.PublishException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The dead letters of one group, under the lock of its transport. */
final class InMemoryDeadLetters implements DeadLetterQueue {

    private static final int CAPACITY = 100_000;

    private final InMemoryTransport transport;
    private final String group;
    private final List<Message> letters = new ArrayList<>();

    InMemoryDeadLetters(InMemoryTransport transport, String group) {
        this.transport = transport;
        this.group = group;
    }

    /** Under the lock. */
    void keep(Message letter) {
        letters.add(letter);
    }

    @Override
    public CompletableFuture<Void> add(Message letter) {
        return transport.locked(after -> {
            if (letters.size() >= CAPACITY) {
                return CompletableFuture.failedFuture(new PublishException(
                        PublishException.Reason.NOT_ACCEPTED,
                        "The group '" + group + "' has " + CAPACITY
                                + " dead letters, which is the limit: replay or drop some"));
            }
            keep(letter.copy());
            return CompletableFuture.completedFuture(null);
        });
    }

    @Override
    public List<Message> read(int limit) {
        return transport.locked(after -> List.copyOf(letters.subList(0, Math.min(limit, letters.size()))));
    }

    @Override
    public boolean remove(String id) {
        return transport.locked(after -> letters.removeIf(letter -> letter.id().equals(id)));
    }

    @Override
    public CompletableFuture<Void> redeliver(Message message) {
        return transport.publishTo(group, message);
    }
}
