package io.eda.testkit.idempotency;

import io.eda.idempotency.Claim;
import io.eda.idempotency.IdempotencyKey;
import io.eda.idempotency.IdempotencyStore;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/** Stores that are broken at one place each. */
final class IdempotencySaboteurs {

    private IdempotencySaboteurs() {}

    /** Hands everything on to a correct store. */
    static class Passing implements IdempotencyStore {
        final IdempotencyStore correct;

        Passing(IdempotencyStore correct) {
            this.correct = correct;
        }

        @Override
        public CompletableFuture<Claim> claim(IdempotencyKey key, String token, Duration lease) {
            return correct.claim(key, token, lease);
        }

        @Override
        public CompletableFuture<Boolean> complete(IdempotencyKey key, String token) {
            return correct.complete(key, token);
        }

        @Override
        public CompletableFuture<Boolean> renew(IdempotencyKey key, String token, Duration lease) {
            return correct.renew(key, token, lease);
        }

        @Override
        public CompletableFuture<Boolean> release(IdempotencyKey key, String token) {
            return correct.release(key, token);
        }

        static <T> CompletableFuture<T> answer(T value) {
            return CompletableFuture.completedFuture(value);
        }
    }

    /** Knows who holds a key, as far as it was asked through it. */
    static class Knowing extends Passing {
        final Map<IdempotencyKey, String> holders = new ConcurrentHashMap<>();

        Knowing(IdempotencyStore correct) {
            super(correct);
        }

        @Override
        public CompletableFuture<Claim> claim(IdempotencyKey key, String token, Duration lease) {
            return super.claim(key, token, lease).thenApply(claim -> {
                if (claim instanceof Claim.Granted) {
                    holders.put(key, token);
                }
                return claim;
            });
        }

        String holder(IdempotencyKey key, String otherwise) {
            return holders.getOrDefault(key, otherwise);
        }
    }

    static final class YesOrNo extends Passing {
        YesOrNo(IdempotencyStore correct) {
            super(correct);
        }

        @Override
        public CompletableFuture<Claim> claim(IdempotencyKey key, String token, Duration lease) {
            return super.claim(key, token, lease)
                    .thenApply(claim -> claim instanceof Claim.Granted ? claim : new Claim.Completed());
        }
    }

    static final class LooksFirst extends Passing {
        private final Set<IdempotencyKey> taken = ConcurrentHashMap.newKeySet();

        LooksFirst(IdempotencyStore correct) {
            super(correct);
        }

        @Override
        public CompletableFuture<Claim> claim(IdempotencyKey key, String token, Duration lease) {
            if (taken.contains(key)) {
                return answer(new Claim.InProgress(lease));
            }
            LockSupport.parkNanos(500_000);
            taken.add(key);
            return answer(new Claim.Granted(token));
        }
    }

    static final class Forgetful extends Passing {
        Forgetful(IdempotencyStore correct) {
            super(correct);
        }

        @Override
        public CompletableFuture<Claim> claim(IdempotencyKey key, String token, Duration lease) {
            // A stranger's claim tells whether it is free, without taking it: a lease of nothing ends at once.
            return super.claim(key, "stranger to " + token, Duration.ofNanos(1))
                    .thenCompose(probe -> probe instanceof Claim.Granted
                            ? super.release(key, "stranger to " + token)
                                    .thenCompose(released -> super.claim(key, token, lease))
                            : answer(probe));
        }
    }

    static final class CompletesOnce extends Passing {
        private final Set<IdempotencyKey> completed = ConcurrentHashMap.newKeySet();

        CompletesOnce(IdempotencyStore correct) {
            super(correct);
        }

        @Override
        public CompletableFuture<Boolean> complete(IdempotencyKey key, String token) {
            return super.complete(key, token).thenApply(held -> held && completed.add(key));
        }
    }

    static final class Rekeying extends Passing {
        private final UnaryOperator<IdempotencyKey> change;

        Rekeying(IdempotencyStore correct, UnaryOperator<IdempotencyKey> change) {
            super(correct);
            this.change = change;
        }

        @Override
        public CompletableFuture<Claim> claim(IdempotencyKey key, String token, Duration lease) {
            return super.claim(change.apply(key), token, lease);
        }
    }

    static final class RenewsElsewhere extends Passing {
        RenewsElsewhere(IdempotencyStore correct) {
            super(correct);
        }

        @Override
        public CompletableFuture<Boolean> renew(IdempotencyKey key, String token, Duration lease) {
            return super.renew(new IdempotencyKey(key.group().toLowerCase(Locale.ROOT), key.eventId()), token, lease);
        }
    }

    static final class ComparesLoosely extends Passing {
        ComparesLoosely(IdempotencyStore correct) {
            super(correct);
        }

        @Override
        public CompletableFuture<Claim> claim(IdempotencyKey key, String token, Duration lease) {
            return super.claim(key, token.toLowerCase(Locale.ROOT), lease)
                    .thenApply(claim -> claim instanceof Claim.Granted ? new Claim.Granted(token) : claim);
        }

        @Override
        public CompletableFuture<Boolean> complete(IdempotencyKey key, String token) {
            return super.complete(key, token.toLowerCase(Locale.ROOT));
        }
    }

    static final class ReleasesForAnybody extends Knowing {
        ReleasesForAnybody(IdempotencyStore correct) {
            super(correct);
        }

        @Override
        public CompletableFuture<Boolean> release(IdempotencyKey key, String token) {
            return super.release(key, holder(key, token));
        }
    }

    static final class EndlessLease extends Passing {
        EndlessLease(IdempotencyStore correct) {
            super(correct);
        }

        @Override
        public CompletableFuture<Claim> claim(IdempotencyKey key, String token, Duration lease) {
            return super.claim(key, token, Duration.ofDays(1));
        }
    }

    static final class CompletesForAnybody extends Knowing {
        CompletesForAnybody(IdempotencyStore correct) {
            super(correct);
        }

        @Override
        public CompletableFuture<Boolean> complete(IdempotencyKey key, String token) {
            return super.complete(key, holder(key, token));
        }
    }

    static final class EndlessOwner extends Knowing {
        EndlessOwner(IdempotencyStore correct) {
            super(correct);
        }

        @Override
        public CompletableFuture<Boolean> complete(IdempotencyKey key, String token) {
            if (!token.equals(holders.get(key))) {
                return super.complete(key, token);
            }
            return super.claim(key, token, Duration.ofMinutes(1)).thenCompose(again -> super.complete(key, token));
        }
    }

    static final class RenewsNothing extends Knowing {
        RenewsNothing(IdempotencyStore correct) {
            super(correct);
        }

        @Override
        public CompletableFuture<Boolean> renew(IdempotencyKey key, String token, Duration lease) {
            return answer(token.equals(holders.get(key)));
        }
    }

    static final class NeverForgets extends Passing {
        private final Set<IdempotencyKey> completed = ConcurrentHashMap.newKeySet();

        NeverForgets(IdempotencyStore correct) {
            super(correct);
        }

        @Override
        public CompletableFuture<Claim> claim(IdempotencyKey key, String token, Duration lease) {
            return completed.contains(key) ? answer(new Claim.Completed()) : super.claim(key, token, lease);
        }

        @Override
        public CompletableFuture<Boolean> complete(IdempotencyKey key, String token) {
            return super.complete(key, token).thenApply(held -> {
                if (held) {
                    completed.add(key);
                }
                return held;
            });
        }
    }

    static final class ForgetsCompletions extends Passing {
        ForgetsCompletions(IdempotencyStore correct) {
            super(correct);
        }

        @Override
        public CompletableFuture<Boolean> complete(IdempotencyKey key, String token) {
            return super.renew(key, token, Duration.ofSeconds(1));
        }
    }

    /** Says yes and remembers nothing. */
    static final class DoingNothing implements IdempotencyStore {
        @Override
        public CompletableFuture<Claim> claim(IdempotencyKey key, String token, Duration lease) {
            return CompletableFuture.completedFuture(new Claim.Granted(token));
        }

        @Override
        public CompletableFuture<Boolean> complete(IdempotencyKey key, String token) {
            return CompletableFuture.completedFuture(true);
        }

        @Override
        public CompletableFuture<Boolean> renew(IdempotencyKey key, String token, Duration lease) {
            return CompletableFuture.completedFuture(true);
        }

        @Override
        public CompletableFuture<Boolean> release(IdempotencyKey key, String token) {
            return CompletableFuture.completedFuture(true);
        }
    }
}
