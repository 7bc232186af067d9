package io.eda.bus;

import io.eda.event.Event;
import io.eda.idempotency.Claim;
import io.eda.idempotency.IdempotencyKey;
import io.eda.idempotency.IdempotencyStore;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a handler see each event once, however often it is delivered, by asking a store before and telling it after.
 *
 * <p>What a crash costs: before the claim, nothing; after the claim, the wait for its lease; after the effect and before
 * {@code complete}, the effect happens again; after {@code complete}, nothing. Where the effect is a write in a database,
 * its own transaction can do better. Where the store cannot be asked, the handler is not called and the event comes again.
 */
public final class IdempotentEventHandler implements EventHandler {

    private static final Logger log = LoggerFactory.getLogger(IdempotentEventHandler.class);

    private final String group;
    private final IdempotencyStore store;
    private final Duration lease;
    private final EventHandler handler;

    /**
     * Guards {@code handler}.
     *
     * @param group whose work it is: each group handles every event once
     * @param lease how long the handler may take at most, as a rule: after that another delivery may begin
     */
    public IdempotentEventHandler(String group, IdempotencyStore store, Duration lease, EventHandler handler) {
        this.group = group;
        this.store = store;
        this.lease = lease;
        this.handler = handler;
    }

    @Override
    public void handle(Event<?> event) throws Exception {
        IdempotencyKey key = new IdempotencyKey(group, event.eventId());
        // Unique for the attempt: a former attempt that hangs must not pass for this one.
        String token = UUID.randomUUID().toString();
        Claim claim = await(store.claim(key, token, lease));
        if (claim instanceof Claim.InProgress inProgress) {
            throw new EventInProgressException(key, inProgress.remaining());
        }
        if (claim instanceof Claim.Completed) {
            return;
        }
        try {
            handler.handle(event);
        } catch (Throwable e) {
            releaseAfter(e, key, token);
            throw e;
        }
        // A crash here leaves the claim to expire, and the event is handled again: at least once, never zero.
        if (!await(store.complete(key, token))) {
            log.warn("'{}' handled {} longer than its lease of {}: it may be handled twice", group, event, lease);
        }
    }

    private void releaseAfter(Throwable failure, IdempotencyKey key, String token) {
        try {
            boolean unused = await(store.release(key, token));
        } catch (Exception e) {
            // The claim ends with its lease; what matters to the caller is why the handler failed.
            failure.addSuppressed(e);
        }
    }

    private static <T> T await(CompletableFuture<T> future) throws Exception {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
