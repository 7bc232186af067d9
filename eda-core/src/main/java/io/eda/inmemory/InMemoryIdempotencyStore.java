package io.eda.inmemory;

import io.eda.idempotency.Claim;
import io.eda.idempotency.IdempotencyKey;
import io.eda.idempotency.IdempotencyStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The full contract of deduplication in the memory of this process, for consumers that live in one process and start from
 * nothing.
 */
public final class InMemoryIdempotencyStore implements IdempotencyStore {

    private static final int CLAIMS_PER_SWEEP = 1_000;

    private final Clock clock;
    private final Duration retention;

    // Completed entries stand in the order of their completion, so what is over stands in front.
    private final Map<IdempotencyKey, Entry> claimed = new HashMap<>();
    private final Map<IdempotencyKey, Entry> completed = new LinkedHashMap<>();

    private int claimsSinceSweep;

    /** Remembers completions for 24 hours. */
    public InMemoryIdempotencyStore() {
        this(Clock.systemUTC(), Duration.ofHours(24));
    }

    /** Remembers completions for {@code retention} on {@code clock}. */
    public InMemoryIdempotencyStore(Clock clock, Duration retention) {
        this.clock = clock;
        this.retention = retention;
    }

    @Override
    public CompletableFuture<Claim> claim(IdempotencyKey key, String token, Duration lease) {
        return answer(() -> {
            Instant now = clock.instant();
            forgetOld(now);
            if (completed.containsKey(key)) {
                return new Claim.Completed();
            }
            Entry holder = claimed.get(key);
            if (holder != null && holder.isAlive(now) && !holder.token.equals(token)) {
                return new Claim.InProgress(Duration.between(now, holder.until));
            }
            claimed.put(key, new Entry(token, now.plus(lease)));
            return new Claim.Granted(token);
        });
    }

    @Override
    public CompletableFuture<Boolean> complete(IdempotencyKey key, String token) {
        return answer(() -> {
            Instant now = clock.instant();
            Entry done = completed.get(key);
            if (done != null) {
                return done.token.equals(token);
            }
            if (!isHeld(key, token, now)) {
                return false;
            }
            claimed.remove(key);
            completed.put(key, new Entry(token, now.plus(retention)));
            return true;
        });
    }

    @Override
    public CompletableFuture<Boolean> renew(IdempotencyKey key, String token, Duration lease) {
        return answer(() -> {
            Instant now = clock.instant();
            if (!isHeld(key, token, now)) {
                return false;
            }
            claimed.put(key, new Entry(token, now.plus(lease)));
            return true;
        });
    }

    @Override
    public CompletableFuture<Boolean> release(IdempotencyKey key, String token) {
        return answer(() -> isHeld(key, token, clock.instant()) && claimed.remove(key) != null);
    }

    @Override
    public CompletableFuture<Optional<Claim>> look(IdempotencyKey key) {
        return answer(() -> {
            Instant now = clock.instant();
            Entry done = completed.get(key);
            if (done != null && done.isAlive(now)) {
                return Optional.of(new Claim.Completed());
            }
            Entry holder = claimed.get(key);
            return holder == null || !holder.isAlive(now)
                    ? Optional.empty()
                    : Optional.of(new Claim.InProgress(Duration.between(now, holder.until)));
        });
    }

    private synchronized <T> CompletableFuture<T> answer(Supplier<T> action) {
        return CompletableFuture.completedFuture(action.get());
    }

    private boolean isHeld(IdempotencyKey key, String token, Instant now) {
        @Nullable Entry holder = claimed.get(key);
        return holder != null && holder.isAlive(now) && holder.token.equals(token);
    }

    private void forgetOld(Instant now) {
        // Claims end in any order; sweeping them now and then costs less than keeping them sorted.
        if (++claimsSinceSweep == CLAIMS_PER_SWEEP) {
            claimsSinceSweep = 0;
            claimed.values().removeIf(entry -> !entry.isAlive(now));
        }
        Iterator<Entry> oldest = completed.values().iterator();
        while (oldest.hasNext() && !oldest.next().isAlive(now)) {
            oldest.remove();
        }
    }

    private record Entry(String token, Instant until) {
        boolean isAlive(Instant now) {
            return now.isBefore(until);
        }
    }
}
