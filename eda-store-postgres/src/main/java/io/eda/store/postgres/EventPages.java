package io.eda.store.postgres;

import io.eda.store.EventFilter;
import io.eda.store.EventPage;
import io.eda.store.EventStorageException;
import io.eda.store.postgres.VisiblePosition.Hold;
import java.util.List;

/**
 * Pages of all events: from memory near the end, from the table elsewhere, and never beyond what is safe. Thread-safe.
 */
final class EventPages {

    // Whoever is farther behind has a long way to go, and what it reads on it, nobody else needs.
    private static final long NEAR = 10_000;

    private final VisiblePosition visible;
    private final RecentEvents recent;
    private final ReadAhead ahead;

    EventPages(VisiblePosition visible, RecentEvents recent, ReadAhead ahead) {
        this.visible = visible;
        this.recent = recent;
        this.ahead = ahead;
    }

    EventPage read(long after, EventFilter filter, int limit) {
        // Far behind the end, what is known suffices: a reader that catches up asks the server once a page.
        Hold hold = visible.known();
        if (hold.safe() - after <= limit) {
            hold = visible.refresh();
        }
        if (hold.safe() <= after) {
            refuseBeyondTheEnd(after, hold.committed());
            return new EventPage(List.of(), after, after);
        }
        return upTo(hold.safe(), after, filter, limit);
    }

    /** As {@link #read}, and where something is known to be readable, without asking whether more is. */
    EventPage readKnown(long after, EventFilter filter, int limit) {
        long safe = visible.known().safe();
        return safe > after ? upTo(safe, after, filter, limit) : read(after, filter, limit);
    }

    private EventPage upTo(long safe, long after, EventFilter filter, int limit) {
        PageRequest request = new PageRequest(after, filter, limit);
        return safe - after > NEAR
                ? ahead.page(request, safe)
                : recent.page(request, safe).orElseGet(() -> ahead.page(request, safe));
    }

    /** Waiting would be wrong: what is appended next would stand before the reader, who would skip it. */
    private static void refuseBeyondTheEnd(long after, long committed) {
        if (after > committed) {
            throw new EventStorageException("A reader has come to position " + after + ", and the last event is at "
                    + committed + ". If its position comes from this storage and not from an append that has not been"
                    + " committed, " + SeenHistory.lost());
        }
    }
}
