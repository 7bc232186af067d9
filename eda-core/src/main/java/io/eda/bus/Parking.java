package io.eda.bus;

import io.eda.parking.ParkedKey;
import io.eda.parking.ParkedMessages;
import io.eda.transport.Message;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Parks the keys of events that cannot be handled, and what comes behind them. Whether keys are parked is asked for a whole batch when it
 * arrives, and again for a work that was asked about before this member parked its key itself: so an event cannot pass the one that was
 * parked while it waited in the lane. That another member parks a key whose next event is here already is excluded by the transport's order.
 */
final class Parking implements Exit {

    private static final int MAX_REMEMBERED = 10_000;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final String group;
    private final ParkedMessages store;
    private final Keeping keeping;
    private final Workers workers;
    private final Health health;
    private final Settling settling;
    private final Clock clock;

    // When this member has parked which key, counted in keys parked; what was forgotten counts as parked when it was.
    private final Map<ParkedKey, Long> parkedHere = new ConcurrentHashMap<>();
    private final AtomicLong parked = new AtomicLong();
    private volatile long forgotten;

    Parking(
            String group,
            ParkedMessages store,
            Keeping keeping,
            Workers workers,
            Health health,
            Settling settling,
            Clock clock) {
        this.group = group;
        this.store = store;
        this.keeping = keeping;
        this.workers = workers;
        this.health = health;
        this.settling = settling;
        this.clock = clock;
    }

    /** Asks about all of {@code works} at once. */
    void ask(List<Work> works) {
        // Before the question: what is parked after this line makes its answer stale.
        long now = parked.get();
        Set<ParkedKey> keys = new HashSet<>();
        works.forEach(work -> keys.add(keyOf(work)));
        CompletableFuture<Set<ParkedKey>> answer = Asking.of(() -> store.parked(keys));
        works.forEach(work -> work.check = new Check(answer, now));
    }

    /** Brings {@code work} behind its key where that is parked, and to {@code otherwise} where it is not; as a stage does. */
    boolean pass(Work work, Work.Stage otherwise) {
        Check check = work.check;
        if (check == null || isStale(check, keyOf(work))) {
            ask(List.of(work));
            check = work.check;
        }
        if (check == null || !check.answer().isDone()) {
            if (check != null) {
                var unused = check.answer().whenComplete((keys, failure) -> workers.resume(work));
            }
            return false;
        }
        try {
            return check.answer().join().contains(keyOf(work)) ? behind(work, otherwise) : otherwise.run(work);
        } catch (CompletionException e) {
            // Handled now, it could pass the one that is parked.
            work.check = null;
            health.waits(work, e.getCause() == null ? e : e.getCause());
            workers.resumeAfter(work, PAUSE_NANOS);
            return false;
        }
    }

    private boolean behind(Work work, Work.Stage otherwise) {
        Failures none = new Failures(-1, new KeyParkedException(keyOf(work)), clock.instant(), System.nanoTime());
        Message letter = Letters.park(group, work.delivery, DeadLetter.Reason.BEHIND_PARKED, none);
        return keeping.keep(work, () -> store.park(keyOf(work), letter, true), kept -> {
            boolean isParked = Boolean.TRUE.equals(kept.answer == null ? null : kept.answer.join());
            kept.answer = null;
            if (isParked) {
                return isKept(kept);
            }
            // The last of its key was replayed in between: now it is the first.
            kept.check = null;
            kept.stage = otherwise;
            return otherwise.run(kept);
        });
    }

    @Override
    public boolean leave(Work work, DeadLetter.Reason reason, Failures failures) {
        Message letter = Letters.park(group, work.delivery, reason, failures);
        return keeping.keep(work, () -> store.park(keyOf(work), letter, false), kept -> {
            remember(keyOf(kept));
            return isKept(kept);
        });
    }

    private boolean isStale(Check check, ParkedKey key) {
        Long at = parkedHere.get(key);
        // Only after the look: what is not there any more was forgotten before it could be missed.
        return (at == null ? forgotten : at) > check.parked();
    }

    private synchronized void remember(ParkedKey key) {
        long now = parked.incrementAndGet();
        parkedHere.put(key, now);
        if (parkedHere.size() > MAX_REMEMBERED) {
            // In this order: between the two a key looks parked later than it was, which costs a question.
            forgotten = now;
            parkedHere.clear();
        }
    }

    private boolean isKept(Work work) {
        health.parked(work);
        // A crash here lets it come again, and it is then parked already.
        settling.givenUp(work);
        return true;
    }

    private ParkedKey keyOf(Work work) {
        return new ParkedKey(group, work.message().topic(), work.message().key());
    }

    /**
     * Whether keys are parked.
     *
     * @param answer those that are
     * @param parked how many this member had parked when it asked
     */
    record Check(CompletableFuture<Set<ParkedKey>> answer, long parked) {}
}
