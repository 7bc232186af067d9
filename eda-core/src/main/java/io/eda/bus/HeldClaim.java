package io.eda.bus;

import io.eda.idempotency.Claim;
import io.eda.idempotency.IdempotencyKey;
import java.util.concurrent.CompletableFuture;

/**
 * A claim that was asked for, and its answer.
 *
 * @param key the event, for the group
 * @param token what shows that the claim is this delivery's
 * @param answer the store's answer
 * @param askedAt when it was asked, in nanoseconds: the lease may have begun then
 */
record HeldClaim(IdempotencyKey key, String token, CompletableFuture<Claim> answer, long askedAt) {

    boolean isGranted() {
        return answer.isDone() && !answer.isCompletedExceptionally() && answer.join() instanceof Claim.Granted;
    }

    /** Returns the same claim, asked for again. */
    HeldClaim again(CompletableFuture<Claim> newAnswer, long now) {
        return new HeldClaim(key, token, newAnswer, now);
    }
}
