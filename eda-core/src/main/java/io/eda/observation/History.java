package io.eda.observation;

import io.eda.event.EventRecord;
import io.eda.store.EventFilter;
import io.eda.store.EventStorage;
import io.eda.store.EventStorageException;
import io.eda.store.StoredEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks for the events of a conversation: causes by their ids, upwards; what followed in a stretch of the history, downwards, because
 * whatever an event led to stands behind it.
 */
final class History {

    private static final Pattern ID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", Pattern.CASE_INSENSITIVE);
    // How far the clocks of writers may be apart.
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(1);
    // A reaction causes a reaction causes …: more than this is no longer a story.
    private static final int MAX_CAUSES = 100;

    private final EventStorage storage;
    private final LifecycleLimits limits;

    History(EventStorage storage, LifecycleLimits limits) {
        this.storage = storage;
        this.limits = limits;
    }

    /** Returns the events of the conversation behind {@code after}. */
    Found conversation(String correlationId, long after) {
        long visible = visiblePosition();
        long to = Math.min(visible, after + limits.positions());
        if (to <= after) {
            return new Found(List.of(), new Searched(after, after, true), visible);
        }
        List<StoredEvent<EventRecord>> events = storage.readConversation(correlationId, after, to, limits.events());
        boolean isFull = events.size() == limits.events();
        long searchedTo = isFull ? events.get(events.size() - 1).position() : to;
        return new Found(events, new Searched(after, searchedTo, searchedTo == visible), visible);
    }

    /** Returns the cause of the event, the cause of that, and so on, the oldest first. */
    List<EventFacts> causesOf(StoredEvent<EventRecord> stored) {
        List<EventFacts> causes = new ArrayList<>();
        Optional<StoredEvent<EventRecord>> cause = causeOf(stored);
        while (cause.isPresent() && causes.size() < MAX_CAUSES) {
            causes.add(0, EventFacts.of(cause.get()));
            cause = causeOf(cause.get());
        }
        return causes;
    }

    private Optional<StoredEvent<EventRecord>> causeOf(StoredEvent<EventRecord> stored) {
        return Causation.of(stored.event().causationId())
                .eventId()
                .filter(id -> !id.equals(stored.event().eventId()))
                .flatMap(storage::findEvent)
                // An id that stands behind what it is to have caused is nobody's cause, and could lead in a circle.
                .filter(cause -> cause.position() < stored.position());
    }

    /** Returns behind which position a conversation of this id begins, or the newest events do. */
    long startOf(String correlationId) {
        Matcher found = ID.matcher(correlationId);
        if (found.find()) {
            UUID id = UUID.fromString(found.group());
            if (id.version() == 7) {
                // RFC 9562: the first 48 bits are the milliseconds since 1970.
                return positionBefore(Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16));
            }
        }
        return Math.max(0, visiblePosition() - limits.positions());
    }

    /**
     * Returns a position behind which everything stands that was decided at {@code time} or later, as far as the clocks of the writers are
     * not further apart than the skew. Halves the history: about 30 reads of one event among a thousand million.
     */
    long positionBefore(Instant time) {
        Instant wanted = time.minus(CLOCK_SKEW);
        long low = 0;
        long high = visiblePosition();
        while (low < high) {
            long middle = low + (high - low) / 2;
            List<StoredEvent<EventRecord>> next =
                    storage.readAll(middle, EventFilter.all(), 1).events();
            if (next.isEmpty() || !next.get(0).event().timestamp().isBefore(wanted)) {
                high = middle;
            } else {
                low = Math.max(middle + 1, next.get(0).position());
            }
        }
        return low;
    }

    private long visiblePosition() {
        try {
            return storage.awaitVisible(Long.MAX_VALUE, Duration.ZERO);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EventStorageException("Interrupted while looking for the events of a conversation", e);
        }
    }

    /**
     * What was found.
     *
     * @param events the events
     * @param searched where was looked
     * @param visiblePosition up to where events were visible then
     */
    record Found(List<StoredEvent<EventRecord>> events, Searched searched, long visiblePosition) {}
}
