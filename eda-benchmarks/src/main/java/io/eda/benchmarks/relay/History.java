package io.eda.benchmarks.relay;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.eda.bus.EventBus;
import io.eda.event.EventRecord;
import io.eda.serialization.EventTypes;
import io.eda.serialization.JacksonEventSerializer;
import io.eda.store.EventFilter;
import io.eda.store.StoredEvent;
import io.eda.store.postgres.PostgresCheckpointStore;
import io.eda.store.postgres.PostgresEventStorage;
import io.eda.testkit.servers.PostgresServer;
import io.eda.testkit.servers.RealServers;
import io.eda.transport.Message;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A PostgreSQL with the events that are relayed: 250 bytes of JSON each, of a thousand aggregates. */
final class History implements AutoCloseable {

    /** The fact, which the relay never reads. */
    record OrderPlaced(String customer, long totalCents, String note) {}

    static final JacksonEventSerializer JSON = new JacksonEventSerializer(
            EventTypes.builder().add("order.placed", OrderPlaced.class).build());

    private static final int AGGREGATES = 1_000;
    private static final int SAMPLES = 10_000;
    private static final String FACTS = "convert_to(json_build_object('customer', 'c-' || g, 'totalCents', g % 1000,"
            + " 'note', md5(g::text) || repeat(md5((g / 7)::text), 5))::text, 'UTF8')";

    private final PostgresServer server = RealServers.dedicatedPostgres();
    private final String url = server.freshDatabase();

    static History of(int events) throws SQLException {
        History history = new History();
        try (HikariDataSource pool = history.pool(2);
                PostgresEventStorage storage = PostgresEventStorage.create(pool)) {
            PostgresCheckpointStore.create(pool);
        }
        history.execute("insert into eda.events (aggregate_type, aggregate_id, aggregate_version, event_id, event_type,"
                + " schema_version, occurred_at, correlation_id, causation_id, data)"
                + " select 'order', 'o-' || g % " + AGGREGATES + ", 1 + g / " + AGGREGATES + ", gen_random_uuid(),"
                + " 'order.placed', 1, now(), 'c-' || g, 'c-' || g, " + FACTS + " from generate_series(0, "
                + (events - 1) + ") g");
        history.execute("vacuum analyze eda.events");
        return history;
    }

    /** The first events as the relay's bus would publish them. */
    List<Message> messages() {
        CapturingTransport captured = new CapturingTransport();
        try (HikariDataSource pool = pool(2);
                PostgresEventStorage storage = PostgresEventStorage.create(pool);
                EventBus bus = new EventBus(captured, JSON)) {
            List<EventRecord> events = new ArrayList<>();
            for (StoredEvent<EventRecord> stored :
                    storage.readAll(0, EventFilter.all(), SAMPLES).events()) {
                events.add(stored.event());
            }
            bus.publishRecords(events);
        }
        return captured.messages();
    }

    void forgetCheckpoints() throws SQLException {
        execute("truncate eda.checkpoints, eda.leases, eda.lease_members");
        execute("checkpoint");
    }

    HikariDataSource pool(int size) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(size);
        return new HikariDataSource(config);
    }

    long lastPosition() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select max(position) from eda.events")) {
            row.next();
            return row.getLong(1);
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
