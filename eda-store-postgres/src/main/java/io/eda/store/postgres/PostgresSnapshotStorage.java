package io.eda.store.postgres;

import io.eda.event.AggregateId;
import io.eda.event.EventRecord;
import io.eda.store.EventStorage;
import io.eda.store.Snapshot;
import io.eda.store.SnapshotStorage;
import io.eda.store.StoredEvent;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Snapshots beside the events, in the same schema: a snapshot and its tail are one round trip. Thread-safe. The table may be
 * emptied at any time; it costs the next loads some time and nothing else.
 */
public final class PostgresSnapshotStorage implements SnapshotStorage {

    private final PostgresEventStorage events;
    private final Connections connections;
    private final String loadSql;
    private final String loadWithTailSql;
    private final String saveSql;
    private final String deleteSql;

    private PostgresSnapshotStorage(PostgresEventStorage events, Connections connections, String schema) {
        this.events = events;
        this.connections = connections;
        this.loadSql = SqlFile.read("statement/load_snapshot.sql", schema);
        this.loadWithTailSql = SqlFile.read("statement/load_with_tail.sql", schema);
        this.saveSql = SqlFile.read("statement/save_snapshot.sql", schema);
        this.deleteSql = SqlFile.read("statement/delete_snapshot.sql", schema);
    }

    /**
     * Opens the snapshots beside {@code events}; creates their table where it is missing.
     *
     * @throws io.eda.store.EventStorageException if the server cannot be reached
     */
    public static PostgresSnapshotStorage beside(PostgresEventStorage events) {
        Connections connections = events.connections();
        String schema = events.options().schema();
        new EventSchema(connections, events.options()).install(EventSchema.SNAPSHOTS);
        return new PostgresSnapshotStorage(events, connections, schema);
    }

    @Override
    public Optional<Snapshot> load(AggregateId aggregateId, int schemaVersion) {
        return connections.call("Loading the snapshot of " + aggregateId, session -> {
            try (PreparedStatement statement = session.prepare(loadSql)) {
                bind(statement, aggregateId);
                statement.setInt(3, schemaVersion);
                try (ResultSet row = statement.executeQuery()) {
                    return row.next()
                            ? Optional.of(new Snapshot(
                                    aggregateId, row.getLong(1), row.getLong(2), schemaVersion, row.getBytes(3)))
                            : Optional.empty();
                }
            }
        });
    }

    @Override
    public void save(Snapshot snapshot) {
        connections.call("Saving the snapshot of " + snapshot.aggregateId(), session -> {
            try (PreparedStatement statement = session.prepare(saveSql)) {
                bind(statement, snapshot.aggregateId());
                statement.setLong(3, snapshot.version());
                statement.setLong(4, snapshot.position());
                statement.setInt(5, snapshot.schemaVersion());
                statement.setBytes(6, snapshot.state());
                return statement.executeUpdate();
            }
        });
    }

    @Override
    public void delete(AggregateId aggregateId) {
        connections.call("Deleting the snapshot of " + aggregateId, session -> {
            try (PreparedStatement statement = session.prepare(deleteSql)) {
                bind(statement, aggregateId);
                return statement.executeUpdate();
            }
        });
    }

    @Override
    public History loadWithTail(EventStorage storage, AggregateId aggregateId, int schemaVersion, int limit) {
        if (storage != events) {
            return SnapshotStorage.super.loadWithTail(storage, aggregateId, schemaVersion, limit);
        }
        return connections.call("Loading " + aggregateId + " with its snapshot", session -> {
            try (PreparedStatement statement = session.prepare(loadWithTailSql)) {
                bind(statement, aggregateId);
                statement.setInt(3, schemaVersion);
                statement.setString(4, aggregateId.id());
                statement.setString(5, aggregateId.type());
                statement.setInt(6, limit);
                return history(statement, aggregateId, schemaVersion);
            }
        });
    }

    private static History history(PreparedStatement statement, AggregateId aggregateId, int schemaVersion)
            throws SQLException {
        Optional<Snapshot> snapshot = Optional.empty();
        List<StoredEvent<EventRecord>> tail = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                if (rows.getObject(5, UUID.class) == null) {
                    snapshot = Optional.of(new Snapshot(
                            aggregateId, rows.getLong(2), rows.getLong(1), schemaVersion, rows.getBytes(12)));
                } else {
                    tail.add(EventColumns.read(rows));
                }
            }
        }
        return new History(snapshot, tail);
    }

    private static void bind(PreparedStatement statement, AggregateId aggregateId) throws SQLException {
        statement.setString(1, aggregateId.id());
        statement.setString(2, aggregateId.type());
    }
}
