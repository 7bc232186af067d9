package io.eda.observation;

import io.eda.event.EventRecord;
import io.eda.idempotency.Claim;
import io.eda.idempotency.IdempotencyKey;
import io.eda.idempotency.IdempotencyStore;
import io.eda.store.StoredEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What the store of claims of one group knows about some events: all are asked about at once, and awaited together.
 *
 * @param known what it knows of those that it has answered for
 * @param failures why it has not answered for the others
 */
record Claimed(Map<UUID, Optional<Claim>> known, Map<UUID, String> failures) {

    static Claimed ask(
            IdempotencyStore store, List<StoredEvent<EventRecord>> events, String group, Part.Question question) {
        Map<UUID, CompletableFuture<Optional<Claim>>> asked = new HashMap<>();
        for (StoredEvent<EventRecord> stored : events) {
            UUID id = stored.event().eventId();
            asked.put(id, store.look(new IdempotencyKey(group, id)));
        }
        Map<UUID, Optional<Claim>> known = new HashMap<>();
        Map<UUID, String> failures = new HashMap<>();
        long deadline = System.nanoTime() + question.limits().timeout().toNanos();
        asked.forEach((id, answer) -> {
            try {
                known.put(id, answer.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS));
            } catch (ExecutionException e) {
                failures.put(id, String.valueOf(e.getCause()));
            } catch (TimeoutException e) {
                failures.put(id, "no answer within " + question.limits().timeout());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                failures.put(id, "interrupted");
            }
        });
        return new Claimed(known, failures);
    }

    Optional<Outcome> about(StoredEvent<EventRecord> stored) {
        Claim claim =
                known.getOrDefault(stored.event().eventId(), Optional.empty()).orElse(null);
        if (claim instanceof Claim.Completed) {
            return Optional.of(new Outcome.Passed("its store of claims remembers it as handled"));
        }
        return claim instanceof Claim.InProgress held
                ? Optional.of(new Outcome.InHand(held.remaining()))
                : Optional.empty();
    }

    /** Returns why this tells nothing about an event that it tells nothing about. */
    String whyNot(StoredEvent<EventRecord> stored) {
        String failure = failures.get(stored.event().eventId());
        return failure != null
                ? "its store of claims did not answer: " + failure
                : "its store of claims does not know it: it was not handled yet, or so long ago that it is forgotten";
    }
}
