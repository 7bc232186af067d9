package io.eda.bus;

import io.eda.bus.FailedAttempts.State;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The latest events that have failed in one subscription. One that never fails costs a look into a map that is mostly empty. Thread-safe. */
final class RecentFailures {

    private static final int KEPT = 1_000;

    private final Map<String, FailedAttempts> byId = new ConcurrentHashMap<>();
    // In the order of their first failures.
    private final Queue<String> ids = new ConcurrentLinkedQueue<>();

    void failed(Work work, Failures failures) {
        String id = work.message().id();
        var attempts = new FailedAttempts(
                failures.count(), textOf(failures.latest()), failures.first(), failures.last(), State.WAITING);
        if (byId.put(id, attempts) == null) {
            ids.add(id);
            if (byId.size() > KEPT) {
                Optional.ofNullable(ids.poll()).ifPresent(byId::remove);
            }
        }
    }

    void ended(Work work, State state) {
        String id = work.message().id();
        if (byId.containsKey(id)) {
            byId.computeIfPresent(id, (same, attempts) -> attempts.in(state));
        }
    }

    Optional<FailedAttempts> of(UUID eventId) {
        return Optional.ofNullable(byId.get(eventId.toString()));
    }

    private static String textOf(Throwable failure) {
        String text = Letters.textOf(failure);
        String all = failure.getClass().getName() + (text.isEmpty() ? "" : ": " + text);
        return all.length() <= FailedAttempts.MAX_ERROR_LENGTH
                ? all
                : all.substring(0, FailedAttempts.MAX_ERROR_LENGTH);
    }
}
