package io.eda.store.postgres;

import io.eda.store.EventStorageException;
import io.eda.store.postgres.Connections.Session;
import io.eda.store.postgres.PostgresOptions.SchemaManagement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The tables of one schema, created and brought up to date by plain SQL files, each applied once. Any number of processes may
 * start at once. A process that finds everything in place needs no right to create anything.
 */
final class EventSchema {

    /** What an event storage needs, in the order of application. Names are for ever; new files go to the end. */
    static final List<String> EVENTS =
            List.of("events", "events_data_compression", "events_readable", "events_id_and_type");

    /** What a checkpoint store needs. */
    static final List<String> CHECKPOINTS =
            List.of("checkpoints", "checkpoint_shards", "failed_events", "interventions");

    /** What a snapshot storage needs. */
    static final List<String> SNAPSHOTS = List.of("snapshots");

    /** What an inbox needs. */
    static final List<String> INBOX = List.of("inbox");

    // Asked of the catalogue's tables, not of to_regclass: behind a wait for the advisory lock that function may still
    // answer from a session's cache, from before the lock's holder created the table.
    private static final String STEPS_TABLE = "select c.relname from pg_class c join pg_namespace n on n.oid ="
            + " c.relnamespace where n.nspname = ? and c.relname = 'schema_steps'";

    private static final int OLDEST_SERVER = 140_000;

    private final Connections connections;
    private final String schema;
    private final SchemaManagement management;

    EventSchema(Connections connections, PostgresOptions options) {
        this.connections = connections;
        this.schema = options.schema();
        this.management = options.schemaManagement();
    }

    /** Makes sure that all {@code steps} have been applied, by whoever is to do that. */
    void install(List<String> steps) {
        connections.call("Preparing the schema " + schema, session -> {
            checkServer(session);
            if (management == SchemaManagement.VALIDATE) {
                new SchemaCheck(schema).check(session, steps);
            } else if (!applied(session.connection()).containsAll(steps)) {
                inTransaction(session.connection(), steps);
            }
            return schema;
        });
    }

    private void inTransaction(Connection connection, List<String> steps) throws SQLException {
        connection.setAutoCommit(false);
        try {
            // Whoever waited for the lock must see what its holder did; a snapshot from before would apply it again.
            // For
            // this transaction alone: behind a proxy, a setting of the session would be somebody else's.
            execute(connection, "set transaction isolation level read committed");
            apply(connection, steps);
            connection.commit();
        } catch (SQLException | RuntimeException | Error e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private void apply(Connection connection, List<String> steps) throws SQLException {
        try (PreparedStatement lock =
                connection.prepareStatement("select pg_advisory_xact_lock(hashtextextended(?, 0))")) {
            lock.setString(1, "io.eda.store.postgres " + schema);
            lock.execute();
        }
        if (!exists(connection, "select nspname from pg_namespace where nspname = ?", schema)) {
            execute(connection, "create schema \"" + schema + '"');
        }
        if (!exists(connection, STEPS_TABLE, schema)) {
            execute(connection, SqlFile.read("schema/schema_steps.sql", schema));
        }
        Set<String> applied = applied(connection);
        for (String step : steps) {
            if (applied.contains(step)) {
                continue;
            }
            execute(connection, SqlFile.read("schema/" + step + ".sql", schema));
            try (PreparedStatement insert =
                    connection.prepareStatement("insert into " + stepsTable() + " (name) values (?)")) {
                insert.setString(1, step);
                insert.executeUpdate();
            }
        }
    }

    private Set<String> applied(Connection connection) throws SQLException {
        Set<String> names = new HashSet<>();
        if (!exists(connection, STEPS_TABLE, schema)) {
            return names;
        }
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select name from " + stepsTable())) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        for (String name : names) {
            if (!EVENTS.contains(name)
                    && !CHECKPOINTS.contains(name)
                    && !SNAPSHOTS.contains(name)
                    && !INBOX.contains(name)) {
                throw new EventStorageException(
                        "The schema " + schema + " has the step '" + name + "', which this version"
                                + " of eda-store-postgres does not know: a newer version was here before. Upgrade this process.");
            }
        }
        return names;
    }

    private String stepsTable() {
        return '"' + schema + "\".schema_steps";
    }

    private void checkServer(Session session) throws SQLException {
        try (PreparedStatement check = session.prepare(SqlFile.read("statement/check_server.sql", schema));
                ResultSet row = check.executeQuery()) {
            row.next();
            if (row.getInt(1) < OLDEST_SERVER) {
                throw new EventStorageException("This is PostgreSQL " + row.getString(2) + ": 14 or newer is needed");
            }
            if (row.getBoolean(3)) {
                throw new EventStorageException("This PostgreSQL is a standby: it shows neither locks nor writes of its"
                        + " primary, so events could be skipped. Connect to the primary (targetServerType=primary).");
            }
            if (!row.getString(4).equals("UTF8")) {
                throw new EventStorageException("The database has the encoding " + row.getString(4)
                        + ", which cannot hold" + " every text: create it with encoding 'UTF8'");
            }
        }
    }

    /** Refuses an event table on which positions could be skipped. */
    void checkEvents() {
        connections.call("Checking the events of the schema " + schema, session -> {
            try (PreparedStatement check = session.prepare(SqlFile.read("statement/check_events.sql", schema));
                    ResultSet row = check.executeQuery()) {
                if (!row.next() || !row.getBoolean(4)) {
                    throw new EventStorageException(
                            "Positions of " + schema + ".events are not generated always as identity:"
                                    + " positions from elsewhere would be skipped. Restore the column from schema/events.sql.");
                }
                checkSequence(row);
                return schema;
            }
        });
    }

    private void checkSequence(ResultSet row) throws SQLException {
        String sequence = schema + ".events_position_seq";
        if (row.getLong(1) != 1 || row.getLong(2) != 1 || row.getBoolean(3)) {
            throw new EventStorageException("The sequence " + sequence + " has cache " + row.getLong(1) + ", increment "
                    + row.getLong(2) + ", cycle " + row.getBoolean(3)
                    + ": sessions would draw positions out of order, and"
                    + " readers would skip events. Stop all writers, then: alter sequence " + sequence
                    + " increment 1 cache 1 no cycle");
        }
        if (row.getLong(5) < row.getLong(6)) {
            throw new EventStorageException("The sequence " + sequence + " stands at " + row.getLong(5)
                    + ", but there is an event at " + row.getLong(6)
                    + ": the data were restored without it, or positions"
                    + " were written by hand. Readers would skip what comes. Stop all writers, then: select setval('"
                    + sequence + "', " + row.getLong(6) + ")");
        }
    }

    private static boolean exists(Connection connection, String sql, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getString(1) != null;
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
