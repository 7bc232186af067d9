package io.eda.benchmarks.projections;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.eda.store.postgres.PostgresCheckpointStore;
import io.eda.store.postgres.PostgresEventStorage;
import io.eda.testkit.servers.PostgresServer;
import io.eda.testkit.servers.RealServers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A PostgreSQL with the events that everybody projects, and the table into which everybody does. */
final class Stage implements AutoCloseable {

    static final String TYPE = "order.placed";
    static final int AGGREGATES = 20_000;
    static final String UPSERT = "insert into order_totals as t values (?, 1, ?) on conflict (id) do update"
            + " set orders = t.orders + 1, cents = t.cents + excluded.cents";

    private static final String FACTS = "convert_to(json_build_object('customer', 'c-' || g, 'totalCents', g % 1000,"
            + " 'note', repeat('x', 200))::text, 'UTF8')";

    private final PostgresServer server = RealServers.dedicatedPostgres();
    private final String url = server.freshDatabase();

    /** Makes the tables of ours, with {@code events} events. */
    static Stage with(int events) throws SQLException {
        Stage stage = new Stage();
        try (HikariDataSource pool = stage.pool(2, true);
                PostgresEventStorage storage = PostgresEventStorage.create(pool)) {
            PostgresCheckpointStore.create(pool);
        }
        stage.execute("create table order_totals (id text collate \"C\" primary key, orders bigint, cents bigint)"
                + " with (fillfactor = 50)");
        stage.execute("create table hand_written (position bigint)");
        stage.execute("insert into eda.events (aggregate_type, aggregate_id, aggregate_version, event_id, event_type,"
                + " schema_version, occurred_at, correlation_id, causation_id, data)"
                + " select 'order', 'o-' || g % " + AGGREGATES + ", 1 + g / " + AGGREGATES + ", gen_random_uuid(), '"
                + TYPE
                + "', 1, now(), 'c', 'c', " + FACTS + " from generate_series(0, " + (events - 1) + ") g");
        stage.execute("vacuum analyze eda.events");
        return stage;
    }

    /** Makes Axon's event table with the same events; its engine has made the table. */
    void fillAxon(int events) throws SQLException {
        if (number("select count(*) from domainevententry") > 0) {
            return;
        }
        execute("insert into domainevententry (eventidentifier, aggregateidentifier, sequencenumber, type, timestamp,"
                + " payloadtype, payloadrevision, payload, metadata)"
                + " select gen_random_uuid()::text, 'o-' || g % " + AGGREGATES + ", g / " + AGGREGATES + ", 'order',"
                + " '2026-11-02T10:15:30.123Z', '" + TYPE + "', '1', " + FACTS + ", convert_to('{}', 'UTF8')"
                + " from generate_series(0, " + (events - 1) + ") g");
        execute("vacuum analyze domainevententry");
    }

    /** Empties what was projected, and begins behind a checkpoint of the server. */
    void clear() throws SQLException {
        execute("truncate order_totals, hand_written");
        execute("insert into hand_written values (0)");
        execute("truncate eda.checkpoints, eda.leases, eda.lease_members");
        execute("drop table if exists tokenentry");
        execute("checkpoint");
    }

    long lastPosition() throws SQLException {
        return number("select coalesce(max(position), 0) from eda.events");
    }

    HikariDataSource pool(int size, boolean autoCommit) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(size);
        config.setAutoCommit(autoCommit);
        return new HikariDataSource(config);
    }

    String description() throws SQLException {
        return "PostgreSQL " + ask("select current_setting('server_version')") + ", synchronous_commit "
                + ask("select current_setting('synchronous_commit')");
    }

    private long number(String sql) throws SQLException {
        return Long.parseLong(ask(sql));
    }

    private String ask(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
