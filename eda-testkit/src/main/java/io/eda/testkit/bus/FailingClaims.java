package io.eda.testkit.bus;

import io.eda.idempotency.Claim;
import io.eda.idempotency.IdempotencyKey;
import io.eda.idempotency.IdempotencyStore;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** A store whose claims fail while it is down. */
record FailingClaims(IdempotencyStore store, BooleanSupplier isDown) implements IdempotencyStore {

    @Override
    public CompletableFuture<Claim> claim(IdempotencyKey key, String token, Duration lease) {
        return isDown.getAsBoolean()
                ? CompletableFuture.failedFuture(new IllegalStateException("the store is down, on purpose"))
                : store.claim(key, token, lease);
    }

    @Override
    public CompletableFuture<Boolean> complete(IdempotencyKey key, String token) {
        return store.complete(key, token);
    }

    @Override
    public CompletableFuture<Boolean> renew(IdempotencyKey key, String token, Duration lease) {
        return store.renew(key, token, lease);
    }

    @Override
    public CompletableFuture<Boolean> release(IdempotencyKey key, String token) {
        return store.release(key, token);
    }
}
