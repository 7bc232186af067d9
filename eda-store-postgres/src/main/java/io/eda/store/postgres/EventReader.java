package io.eda.store.postgres;

import io.eda.event.AggregateId;
import io.eda.event.EventRecord;
import io.eda.store.EventFilter;
import io.eda.store.EventPage;
import io.eda.store.StoredEvent;
import io.eda.store.postgres.Connections.Session;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Reads from the table. Each page is one statement that commits by itself, so its snapshot is taken when it begins, at every
 * isolation level: later than the observation that found its positions safe.
 */
final class EventReader {

    // A filter that lets little pass must not let one read run through millions of rows into its timeout.
    private static final long STRETCH = 50_000;
    // How far the index of types is asked at once, where a whole stretch held nothing. It answers for a million rows
    // in some milliseconds; were it not used, the rows themselves would be read, in about half a second.
    private static final long LEAP = 1_000_000;
    private static final int USUAL_ROWS = 1_000;

    private final Connections connections;
    private final long maxPageBytes;
    private final String readAggregateSql;
    private final String findEventSql;
    private final String readAllSql;
    private final String readAllOfTypesSql;
    private final String readConversationSql;
    private final String nextPositionSql;
    private final String nextOfTypesSql;

    // A guess that every page corrects; a page that misses a correction of another thread is a little off, once.
    private volatile long bytesPerEvent = 1;

    EventReader(Connections connections, PostgresOptions options) {
        this.connections = connections;
        this.maxPageBytes = options.maxPageBytes();
        this.readAggregateSql = SqlFile.read("statement/read_aggregate.sql", options.schema());
        this.findEventSql = SqlFile.read("statement/find_event.sql", options.schema());
        this.readAllSql = SqlFile.read("statement/read_all.sql", options.schema());
        this.readAllOfTypesSql = SqlFile.read("statement/read_all_of_types.sql", options.schema());
        this.readConversationSql = SqlFile.read("statement/read_conversation.sql", options.schema());
        this.nextPositionSql = SqlFile.read("statement/next_position.sql", options.schema());
        this.nextOfTypesSql = SqlFile.read("statement/next_of_types.sql", options.schema());
    }

    List<StoredEvent<EventRecord>> readAggregate(AggregateId id, long fromVersion, int limit) {
        EventRows found = connections.call("Reading " + id + " from version " + fromVersion, session -> {
            try (PreparedStatement statement = session.prepare(readAggregateSql)) {
                statement.setString(1, id.id());
                statement.setString(2, id.type());
                statement.setLong(3, fromVersion);
                statement.setInt(4, limit);
                return rows(statement, limit);
            }
        });
        return found.decode();
    }

    Optional<StoredEvent<EventRecord>> find(UUID eventId) {
        EventRows found = connections.call("Looking for the event " + eventId, session -> {
            try (PreparedStatement statement = session.prepare(findEventSql)) {
                statement.setObject(1, eventId);
                return rows(statement, 1);
            }
        });
        return found.decode().stream().findFirst();
    }

    List<StoredEvent<EventRecord>> readConversation(String correlationId, long after, long to, int limit) {
        EventRows found = connections.call("Reading the conversation " + correlationId, session -> {
            try (PreparedStatement statement = session.prepare(readConversationSql)) {
                statement.setLong(1, after);
                statement.setLong(2, to);
                statement.setString(3, correlationId);
                statement.setInt(4, limit);
                return rows(statement, limit);
            }
        });
        return found.decode();
    }

    /** Reads a page up to {@code safe} at most, which lies behind where it begins. */
    EventPage page(PageRequest request, long safe) {
        return fetch(request, safe).decode();
    }

    /** Gets a page from the server, as above. */
    FetchedPage fetch(PageRequest request, long safe) {
        return connections.call("Reading events behind position " + request.after(), session -> {
            int limit = rows(request.limit());
            long end = request.isFiltered() ? endOfStretch(session, request.after(), safe) : safe;
            EventRows rows = read(session, request, end, limit);
            if (rows.size() == limit) {
                end = rows.lastPosition();
            } else if (request.isFiltered() && rows.size() == 0 && end < safe) {
                end = leap(session, end, safe, request.filter());
            }
            return new FetchedPage(rows, end, safe);
        });
    }

    private long endOfStretch(Session session, long after, long safe) throws SQLException {
        if (safe - after <= STRETCH) {
            return safe;
        }
        try (PreparedStatement statement = session.prepare(nextPositionSql)) {
            statement.setLong(1, after);
            return further(first(statement, safe), STRETCH, safe);
        }
    }

    /** Returns up to where behind {@code end} no event passes the filter. */
    private long leap(Session session, long end, long safe, EventFilter filter) throws SQLException {
        long farthest = further(end, LEAP, safe);
        try (PreparedStatement statement = session.prepare(nextOfTypesSql)) {
            statement.setLong(1, end);
            statement.setLong(2, farthest);
            statement.setArray(3, types(session, filter));
            long next = first(statement, end);
            return next == end ? farthest : next - 1;
        }
    }

    private static long further(long position, long distance, long atMost) {
        return atMost - position <= distance ? atMost : position + distance;
    }

    private static long first(PreparedStatement statement, long orElse) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            long position = row.getLong(1);
            return row.wasNull() ? orElse : position;
        }
    }

    private EventRows read(Session session, PageRequest request, long end, int limit) throws SQLException {
        boolean isFiltered = request.isFiltered();
        try (PreparedStatement statement = session.prepare(isFiltered ? readAllOfTypesSql : readAllSql)) {
            statement.setLong(1, request.after());
            statement.setLong(2, end);
            if (isFiltered) {
                statement.setArray(3, types(session, request.filter()));
            }
            statement.setInt(isFiltered ? 4 : 3, limit);
            EventRows rows = rows(statement, limit);
            learn(rows);
            return rows;
        }
    }

    private static Array types(Session session, EventFilter filter) throws SQLException {
        return session.connection().createArrayOf("text", filter.typeNames().toArray());
    }

    private static EventRows rows(PreparedStatement statement, int limit) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            return EventRows.of(rows, Math.min(limit, USUAL_ROWS));
        }
    }

    /** How many rows are asked for: the driver takes them all into memory before the first can be looked at. */
    private int rows(int limit) {
        return (int) Math.max(1, Math.min(limit, maxPageBytes / bytesPerEvent));
    }

    private void learn(EventRows rows) {
        if (rows.size() > 0) {
            long average = EventWeight.OBJECTS + rows.dataBytes() / rows.size();
            // Larger events count at once; smaller ones only slowly, because large ones may come back.
            bytesPerEvent = Math.max(average, (7 * bytesPerEvent + average) / 8);
        }
    }
}
