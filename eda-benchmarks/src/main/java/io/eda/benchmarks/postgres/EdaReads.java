package io.eda.benchmarks.postgres;

import io.eda.benchmarks.harness.Operation;
import io.eda.event.EventRecord;
import io.eda.store.EventFilter;
import io.eda.store.EventPage;
import io.eda.store.EventStorage;
import io.eda.store.StoredEvent;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/** Reads through {@code EventStorage}, up to whole events whose data are bytes. */
final class EdaReads {

    private EdaReads() {}

    /** Reads everything in order, a page a call, again and again. */
    static Callers all(Connections connections, StoredHistory history, int pageSize) {
        EventStorage storage = EventsTable.storage(connections, connections.pool(1, true));
        return () -> new Pages(storage, history, pageSize)::next;
    }

    /** Reads one aggregate a call. */
    static Callers aggregates(Connections connections, StoredHistory history, int callers) {
        EventStorage storage = EventsTable.storage(connections, connections.pool(callers, true));
        return () -> {
            SplittableRandom random = new SplittableRandom();
            Operation operation = watch -> {
                List<StoredEvent<EventRecord>> events = storage.readAggregate(
                        EventsTable.aggregate(history.anyAggregate(random)), 1, StoredHistory.EVENTS_PER_AGGREGATE);
                return history.wholeAggregate(events.size());
            };
            return operation;
        };
    }

    /** Reads a page that begins anywhere among the first {@code events} positions. */
    static Callers anywhere(Connections connections, int events, int pageSize) {
        EventStorage storage = EventsTable.storage(connections, connections.pool(1, true));
        return () -> {
            SplittableRandom random = new SplittableRandom();
            Operation operation = watch -> storage.readAll(random.nextInt(events), EventFilter.all(), pageSize)
                    .events()
                    .size();
            return operation;
        };
    }

    /** Looks up one event a call by its id. */
    static Callers byId(Connections connections, List<UUID> ids) {
        EventStorage storage = EventsTable.storage(connections, connections.pool(1, true));
        return () -> {
            SplittableRandom random = new SplittableRandom();
            Operation operation = watch -> {
                var unused =
                        storage.findEvent(ids.get(random.nextInt(ids.size()))).orElseThrow();
                return 1;
            };
            return operation;
        };
    }

    private static final class Pages {

        private final EventStorage storage;
        private final StoredHistory history;
        private final int pageSize;
        private long position;
        private int seen;

        Pages(EventStorage storage, StoredHistory history, int pageSize) {
            this.storage = storage;
            this.history = history;
            this.pageSize = pageSize;
        }

        int next(Object watch) {
            EventPage page = storage.readAll(position, EventFilter.all(), pageSize);
            seen += page.events().size();
            position = page.position();
            if (page.isLast()) {
                history.requireAll(seen);
                position = 0;
                seen = 0;
            }
            return page.events().size();
        }
    }
}
