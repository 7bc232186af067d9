package io.eda.bus;

import io.eda.idempotency.Claim;
import io.eda.idempotency.IdempotencyKey;
import io.eda.idempotency.IdempotencyStore;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** A store that counts, and that cannot be asked for as long as it is told so. */
final class FaultyClaims implements IdempotencyStore {

    private final IdempotencyStore store;
    private final AtomicInteger claims = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private volatile boolean isDown;
    private volatile boolean losesCompletions;

    FaultyClaims(IdempotencyStore store) {
        this.store = store;
    }

    void down(boolean from) {
        isDown = from;
    }

    void loseCompletions(boolean from) {
        losesCompletions = from;
    }

    int claims() {
        return claims.get();
    }

    int failures() {
        return failures.get();
    }

    @Override
    public CompletableFuture<Claim> claim(IdempotencyKey key, String token, Duration lease) {
        claims.incrementAndGet();
        return isDown ? failed() : store.claim(key, token, lease);
    }

    @Override
    public CompletableFuture<Boolean> complete(IdempotencyKey key, String token) {
        return isDown || losesCompletions ? failed() : store.complete(key, token);
    }

    @Override
    public CompletableFuture<Boolean> renew(IdempotencyKey key, String token, Duration lease) {
        return isDown ? failed() : store.renew(key, token, lease);
    }

    @Override
    public CompletableFuture<Boolean> release(IdempotencyKey key, String token) {
        return isDown ? failed() : store.release(key, token);
    }

    private <T> CompletableFuture<T> failed() {
        IllegalStateException down = new IllegalStateException("the store is down");
        if (failures.getAndIncrement() % 2 == 0) {
            throw down;
        }
        return CompletableFuture.failedFuture(down);
    }
}
