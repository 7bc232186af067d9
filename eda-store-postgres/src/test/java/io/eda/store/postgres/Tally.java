package io.eda.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.eda.event.AggregateId;
import io.eda.event.EventRecord;
import io.eda.projection.Projection;
import io.eda.serialization.EventTypes;
import io.eda.serialization.JacksonEventSerializer;
import io.eda.store.EventStorage;
import io.eda.store.EventStore;
import io.eda.store.ExpectedVersion;
import io.eda.store.StoredEvent;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;

/** A read model that shows every event that is missing, doubled or out of order: what each aggregate's events add up to. */
final class Tally {

    /** The only kind of fact here. */
    record Counted(long amount) {}

    /** What is shown of one aggregate. */
    record Row(long events, long sum, long outOfOrder) {}

    static final JacksonEventSerializer JSON = new JacksonEventSerializer(
            EventTypes.builder().add("thing.counted", Counted.class).build());

    private Tally() {}

    static EventStore store(EventStorage storage) {
        return new EventStore(storage, JSON);
    }

    static long append(EventStore store, String aggregate, long amount) {
        return store.append(AggregateId.of("thing", aggregate), ExpectedVersion.any(), List.of(new Counted(amount)))
                .lastPosition();
    }

    static void createTable(DataSource dataSource, String schema) throws SQLException {
        TestDatabase.execute(
                dataSource,
                "create table if not exists " + schema
                        + ".tally (id text primary key, events bigint not null, sum bigint"
                        + " not null, last_version bigint not null, out_of_order bigint not null)");
    }

    /** Upserts a row for each event; {@code before} is called first. */
    static Projection<PostgresContext> projection(String schema, Projection.Handler<Counted, PostgresContext> before) {
        String sql =
                "insert into " + schema + ".tally as t values (?, 1, ?, ?, 0) on conflict (id) do update set events ="
                        + " t.events + 1, sum = t.sum + excluded.sum, last_version = excluded.last_version, out_of_order ="
                        + " t.out_of_order + case when t.last_version + 1 = excluded.last_version then 0 else 1 end";
        return Projection.<PostgresContext>named("tally")
                .on(Counted.class, (event, context) -> {
                    before.apply(event, context);
                    context.execute(sql, event.aggregateId().id(), event.data().amount(), event.aggregateVersion());
                })
                .clearedBy(context -> context.execute("delete from " + schema + ".tally"))
                .build();
    }

    static Map<String, Row> rows(DataSource dataSource, String schema) throws SQLException {
        Map<String, Row> found = new TreeMap<>();
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("select id, events, sum, out_of_order from " + schema + ".tally")) {
            while (rows.next()) {
                found.put(rows.getString(1), new Row(rows.getLong(2), rows.getLong(3), rows.getLong(4)));
            }
        }
        return found;
    }

    /** Asserts that the read model is what a fresh fold over all events gives. */
    static void assertEqualsFold(DataSource dataSource, String schema, EventStorage storage) throws SQLException {
        Map<String, Row> fold = new TreeMap<>();
        for (StoredEvent<EventRecord> stored : Events.readAll(storage, 0)) {
            Counted data = (Counted) JSON.deserialize(stored.event()).get(0).data();
            fold.merge(
                    stored.event().aggregateId().id(),
                    new Row(1, data.amount(), 0),
                    (a, b) -> new Row(a.events + b.events, a.sum + b.sum, 0));
        }
        assertThat(rows(dataSource, schema)).isEqualTo(fold);
    }
}
