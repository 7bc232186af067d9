package io.eda.store.postgres;

import io.eda.event.AggregateId;
import io.eda.event.EventRecord;
import io.eda.store.EventFilter;
import io.eda.store.EventPage;
import io.eda.store.StoredEvent;
import io.eda.store.postgres.Connections.Session;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads pages. Each is one statement that commits by itself, so its snapshot is taken when it begins, at every isolation
 * level: later than the observation that found its positions safe.
 */
final class EventReader {

    // A filter that lets little pass must not let one read run through millions of rows into its timeout.
    private static final long STRETCH = 50_000;

    private final Connections connections;
    private final VisiblePosition visible;
    private final int maxLimit;
    private final String readAggregateSql;
    private final String readAllSql;
    private final String readAllOfTypesSql;
    private final String nextPositionSql;

    EventReader(Connections connections, VisiblePosition visible, PostgresOptions options) {
        this.connections = connections;
        this.visible = visible;
        this.maxLimit = options.maxLimit();
        this.readAggregateSql = SqlFile.read("statement/read_aggregate.sql", options.schema());
        this.readAllSql = SqlFile.read("statement/read_all.sql", options.schema());
        this.readAllOfTypesSql = SqlFile.read("statement/read_all_of_types.sql", options.schema());
        this.nextPositionSql = SqlFile.read("statement/next_position.sql", options.schema());
    }

    List<StoredEvent<EventRecord>> readAggregate(AggregateId id, long fromVersion, int limit) {
        check(limit);
        return connections.call("Reading " + id + " from version " + fromVersion, session -> {
            try (PreparedStatement statement = session.prepare(readAggregateSql)) {
                statement.setString(1, id.id());
                statement.setString(2, id.type());
                statement.setLong(3, fromVersion);
                statement.setInt(4, limit);
                return events(statement);
            }
        });
    }

    EventPage readAll(long after, EventFilter filter, int limit) {
        check(limit);
        // Far behind the end, what is known suffices: a reader that catches up asks the server once a page.
        long known = visible.known();
        long safe = known - after > limit ? known : visible.refresh();
        if (safe <= after) {
            return new EventPage(List.of(), after, after);
        }
        return connections.call("Reading events behind position " + after, session -> {
            long end = filter.typeNames().isEmpty() ? safe : endOfStretch(session, after, safe);
            List<StoredEvent<EventRecord>> events = read(session, after, end, filter, limit);
            boolean isFull = events.size() == limit;
            return new EventPage(events, isFull ? events.get(limit - 1).position() : end, safe);
        });
    }

    private long endOfStretch(Session session, long after, long safe) throws SQLException {
        if (safe - after <= STRETCH) {
            return safe;
        }
        try (PreparedStatement statement = session.prepare(nextPositionSql)) {
            statement.setLong(1, after);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return Math.min(safe, row.getLong(1) + STRETCH);
            }
        }
    }

    private List<StoredEvent<EventRecord>> read(Session session, long after, long end, EventFilter filter, int limit)
            throws SQLException {
        boolean isFiltered = !filter.typeNames().isEmpty();
        try (PreparedStatement statement = session.prepare(isFiltered ? readAllOfTypesSql : readAllSql)) {
            statement.setLong(1, after);
            statement.setLong(2, end);
            if (isFiltered) {
                statement.setArray(
                        3,
                        session.connection()
                                .createArrayOf("text", filter.typeNames().toArray()));
            }
            statement.setInt(isFiltered ? 4 : 3, limit);
            return events(statement);
        }
    }

    private static List<StoredEvent<EventRecord>> events(PreparedStatement statement) throws SQLException {
        List<StoredEvent<EventRecord>> events = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                events.add(EventColumns.read(rows));
            }
        }
        return events;
    }

    private void check(int limit) {
        if (limit < 1 || limit > maxLimit) {
            throw new IllegalArgumentException("A read asks for " + limit + " events: 1 to " + maxLimit
                    + " are allowed, see PostgresOptions.maxLimit");
        }
    }
}
