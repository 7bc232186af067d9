package io.eda.idempotency;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Remembers which events were handled: what an adapter implements for one database.
 *
 * <ol>
 *   <li><b>One winner.</b> Of any number of claims for one key, one is granted while its lease lasts.
 *   <li><b>Fenced.</b> {@code complete}, {@code renew} and {@code release} act only for the token that holds the claim: a
 *       late owner cannot undo a newer one.
 *   <li><b>Repeatable.</b> A claim, or a completion, sent again with the same token gets the same answer.
 *   <li><b>Bounded.</b> A claim ends with its lease, the memory of a completion with the store's retention.
 * </ol>
 *
 * <p>All methods return at once; the futures fail where the store cannot be asked. Implementations are thread-safe.
 */
public interface IdempotencyStore {

    /**
     * Asks to handle the event of {@code key}.
     *
     * @param token unique for this attempt; 1 to 100 characters
     * @param lease how long the claim lasts if nobody completes, renews or releases it
     */
    CompletableFuture<Claim> claim(IdempotencyKey key, String token, Duration lease);

    /**
     * Remembers that the event was handled. Returns whether {@code token} still held the claim; where it did not, the lease
     * was over and another one may have handled the event too.
     */
    CompletableFuture<Boolean> complete(IdempotencyKey key, String token);

    /** Makes the lease end {@code lease} from now. Returns whether {@code token} still held the claim. */
    CompletableFuture<Boolean> renew(IdempotencyKey key, String token, Duration lease);

    /**
     * Tells what is known about {@code key} and changes nothing: {@link Claim.Completed}, {@link Claim.InProgress}, or nothing where nobody
     * has claimed it, or it was forgotten. For people who look into an event's life, and for asking whether the store answers. By default
     * the future fails, because a store need not be able to tell.
     */
    default CompletableFuture<Optional<Claim>> look(IdempotencyKey key) {
        return CompletableFuture.failedFuture(new UnsupportedOperationException(
                getClass().getSimpleName() + " cannot tell what it knows without claiming"));
    }

    /** Gives the claim up, because the event was not handled. Returns whether {@code token} still held it. */
    CompletableFuture<Boolean> release(IdempotencyKey key, String token);
}
