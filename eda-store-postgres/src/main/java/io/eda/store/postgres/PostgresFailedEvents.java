package io.eda.store.postgres;

import io.eda.event.AggregateId;
import io.eda.projection.FailedEvent;
import io.eda.projection.FailedEvent.Kind;
import io.eda.projection.FailedEvents;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Failed events in a table beside the checkpoints. Thread-safe. */
final class PostgresFailedEvents implements FailedEvents<PostgresContext> {

    private final Connections connections;
    private final String schema;

    PostgresFailedEvents(Connections connections, String schema) {
        this.connections = connections;
        this.schema = schema;
    }

    @Override
    public void add(PostgresContext context, String name, FailedEvent event) throws SQLException {
        Connection connection = locked(context, name, event.aggregateId());
        AggregateId id = event.aggregateId();
        update(
                connection,
                "add_failed_event",
                name,
                event.position(),
                id.type(),
                id.id(),
                event.kind() == Kind.PARKED,
                event.attempts(),
                event.error());
    }

    @Override
    public boolean parkBehind(PostgresContext context, String name, FailedEvent event) throws SQLException {
        Connection connection = locked(context, name, event.aggregateId());
        AggregateId id = event.aggregateId();
        return update(
                        connection,
                        "park_behind",
                        name,
                        event.position(),
                        id.type(),
                        id.id(),
                        event.attempts(),
                        event.error())
                == 1;
    }

    @Override
    public List<FailedEvent> parkedOf(PostgresContext context, String name, AggregateId id, int limit)
            throws SQLException {
        Connection connection = locked(context, name, id);
        try (PreparedStatement statement =
                prepare(connection, "parked_of_aggregate", name, id.id(), id.type(), limit)) {
            return events(statement);
        }
    }

    @Override
    public void remove(PostgresContext context, String name, long position) throws SQLException {
        update(context.connection(), "remove_failed_event", name, position);
    }

    @Override
    public void clear(PostgresContext context, String name) throws SQLException {
        update(context.connection(), "clear_failed_events", name);
    }

    @Override
    public Set<AggregateId> parkedAggregates(String name) {
        return connections.call("Reading what is parked of '" + name + "'", session -> {
            try (PreparedStatement statement =
                            limited(session, prepare(session.connection(), "parked_aggregates", name));
                    ResultSet rows = statement.executeQuery()) {
                Set<AggregateId> found = new HashSet<>();
                while (rows.next()) {
                    found.add(AggregateId.of(rows.getString(1), rows.getString(2)));
                }
                return found;
            }
        });
    }

    @Override
    public List<FailedEvent> list(String name, long afterPosition, int limit) {
        return connections.call("Reading the failed events of '" + name + "'", session -> {
            try (PreparedStatement statement =
                    limited(session, prepare(session.connection(), "list_failed_events", name, afterPosition, limit))) {
                return events(statement);
            }
        });
    }

    private Connection locked(PostgresContext context, String name, AggregateId id) throws SQLException {
        Connection connection = context.connection();
        try (PreparedStatement statement = prepare(connection, "lock_aggregate", schema + ' ' + name + ' ' + id)) {
            statement.execute();
        }
        return connection;
    }

    private static List<FailedEvent> events(PreparedStatement statement) throws SQLException {
        List<FailedEvent> found = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                found.add(new FailedEvent(
                        rows.getLong(1),
                        AggregateId.of(rows.getString(2), rows.getString(3)),
                        rows.getBoolean(4) ? Kind.PARKED : Kind.SKIPPED,
                        rows.getInt(5),
                        rows.getString(6)));
            }
        }
        return found;
    }

    // What belongs to nobody's transaction may not take longer than our own statements.
    private static PreparedStatement limited(Connections.Session session, PreparedStatement statement)
            throws SQLException {
        statement.setQueryTimeout(session.timeoutSeconds());
        return statement;
    }

    private int update(Connection connection, String file, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(connection, file, parameters)) {
            return statement.executeUpdate();
        }
    }

    private PreparedStatement prepare(Connection connection, String file, Object... parameters) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(SqlFile.read("statement/" + file + ".sql", schema));
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }
}
