package io.eda.bus;

import io.eda.idempotency.Claim;
import io.eda.idempotency.IdempotencyKey;
import io.eda.idempotency.IdempotencyStore;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The claims of one subscription. Asked for when a delivery comes, long before its handler is called, so that the answers of a whole
 * batch are under way together; a claim that has grown old meanwhile is renewed first, and those of handlers at work from time to time.
 * Thread-safe.
 */
final class Claims {

    private static final Logger log = LoggerFactory.getLogger(Claims.class);

    /** What a claim says about a work. */
    enum Verdict {
        /** Handle it. */
        HANDLE,
        /** It was handled before. */
        SKIP,
        /** Not now; it goes on by itself. */
        WAIT
    }

    private final String group;
    private final IdempotencyStore store;
    private final Deduplication options;
    private final Workers workers;
    private final Health health;
    private final Incident silence = new Incident();
    private final Incident lateRenewals = new Incident();
    private final Set<Work> atWork = ConcurrentHashMap.newKeySet();

    // Unique for every delivery: a former one that hangs must not pass for a later one.
    private final String tokenPrefix = UUID.randomUUID() + "-";
    private final AtomicLong tokens = new AtomicLong();

    Claims(String group, Deduplication options, Workers workers, Health health) {
        this.group = group;
        this.store = options.store();
        this.options = options;
        this.workers = workers;
        this.health = health;
    }

    /** Asks for the claim of a work whose envelope was read. */
    void ask(Work work, UUID eventId) {
        IdempotencyKey key = new IdempotencyKey(group, eventId);
        String token = tokenPrefix + tokens.incrementAndGet();
        long now = System.nanoTime();
        work.isAnswerTold = false;
        work.claim = new HeldClaim(key, token, Asking.of(() -> store.claim(key, token, options.lease())), now);
    }

    /** Returns whether {@code work} may be handled; where it has to wait, its lane goes on when that can be said. */
    Verdict verdictOn(Work work, UUID eventId) {
        if (work.claim == null) {
            ask(work, eventId);
        }
        HeldClaim claim = work.claim;
        if (claim != null && claim.isGranted() && isOld(claim)) {
            claim = refreshed(claim);
            work.claim = claim;
        }
        if (claim == null || !claim.answer().isDone()) {
            if (claim != null) {
                var unused = claim.answer().whenComplete((answer, failure) -> workers.resume(work));
            }
            return Verdict.WAIT;
        }
        try {
            return verdictOn(work, claim.answer().join());
        } catch (CompletionException e) {
            return unanswered(work, e.getCause() == null ? e : e.getCause());
        }
    }

    private Verdict verdictOn(Work work, Claim claim) {
        if (claim instanceof Claim.InProgress inProgress) {
            // Its holder may be dead, so it is not acknowledged; and it is no failure, so no attempt is counted.
            health.answered(work, GroupMeters.Answer.IN_PROGRESS);
            work.claim = null;
            health.waits(work, new EventInProgressException(group, work.message(), inProgress.remaining()));
            workers.resumeAfter(work, inProgress.remaining().toNanos() + 1_000_000);
            return Verdict.WAIT;
        }
        silence.isOver();
        boolean isGranted = claim instanceof Claim.Granted;
        health.answered(work, isGranted ? GroupMeters.Answer.GRANTED : GroupMeters.Answer.DUPLICATE);
        return isGranted ? Verdict.HANDLE : Verdict.SKIP;
    }

    private Verdict unanswered(Work work, Throwable failure) {
        health.answered(work, GroupMeters.Answer.ERROR);
        work.claim = null;
        if (silence.begins()) {
            log.atWarn()
                    .addKeyValue("group", group)
                    .addKeyValue("failsOpen", options.isFailOpen())
                    .setCause(failure)
                    .log(
                            "'{}' cannot ask its store of handled events; until it can, events {}",
                            group,
                            options.isFailOpen() ? "are handled, perhaps twice" : "wait");
        }
        if (options.isFailOpen()) {
            return Verdict.HANDLE;
        }
        health.waits(work, failure);
        workers.resumeAfter(work, options.lease().toNanos() / 10);
        return Verdict.WAIT;
    }

    private boolean isOld(HeldClaim claim) {
        return System.nanoTime() - claim.askedAt() > options.lease().toNanos() / 3;
    }

    private HeldClaim refreshed(HeldClaim claim) {
        long now = System.nanoTime();
        return claim.again(
                Asking.of(() -> store.renew(claim.key(), claim.token(), options.lease())
                        .thenCompose(isHeld -> isHeld
                                ? CompletableFuture.<Claim>completedFuture(new Claim.Granted(claim.token()))
                                : store.claim(claim.key(), claim.token(), options.lease()))),
                now);
    }

    void begins(Work work) {
        atWork.add(work);
    }

    void ends(Work work) {
        atWork.remove(work);
    }

    /** Renews the claims of handlers at work; to be called every third of the lease. */
    void renew() {
        for (Work work : atWork) {
            HeldClaim claim = work.claim;
            if (claim != null) {
                var unused = Asking.of(() -> store.renew(claim.key(), claim.token(), options.lease()))
                        .whenComplete((isHeld, failure) -> {
                            if (failure == null && isHeld) {
                                lateRenewals.isOver();
                            } else if (lateRenewals.begins()) {
                                log.atWarn()
                                        .addKeyValue("group", group)
                                        .addKeyValue("messageId", work.message().id())
                                        .setCause(failure)
                                        .log("'{}' could not renew its claim of {}", group, work.message());
                            }
                        });
            }
        }
    }

    /** Tells the store that {@code work} was handled; the answer is whether it still held its claim. */
    CompletableFuture<Boolean> complete(Work work) {
        HeldClaim claim = work.claim;
        return claim == null
                ? CompletableFuture.completedFuture(true)
                : Asking.of(() -> store.complete(claim.key(), claim.token()));
    }

    /** Gives up the claim of {@code work}, so that the next delivery need not wait for the lease; the future never fails. */
    CompletableFuture<Void> release(Work work) {
        HeldClaim claim = work.claim;
        work.claim = null;
        if (claim == null) {
            return CompletableFuture.completedFuture(null);
        }
        return claim.answer()
                .thenCompose(answer -> answer instanceof Claim.Granted
                        ? Asking.of(() -> store.release(claim.key(), claim.token()))
                        : CompletableFuture.completedFuture(false))
                // Where that fails the claim ends with its lease.
                .handle((isHeld, failure) -> null);
    }

    /** Gives up the claims of works that are given back, and waits for the answers, but not longer than {@code limit}. */
    void release(List<Work> works, Duration limit) {
        CompletableFuture<?>[] answers = works.stream()
                .filter(work -> !atWork.contains(work))
                .map(this::release)
                .toArray(CompletableFuture[]::new);
        Settling.await(CompletableFuture.allOf(answers), limit);
    }

    Duration lease() {
        return options.lease();
    }
}
