package io.eda.samples.relay;

import io.eda.event.AggregateId;
import io.eda.event.Event;
import io.eda.event.EventRecord;
import io.eda.projection.Projection;
import io.eda.serialization.EventTypes;
import io.eda.serialization.JacksonEventSerializer;
import io.eda.store.EventFilter;
import io.eda.store.EventPage;
import io.eda.store.EventStorage;
import io.eda.store.EventStore;
import io.eda.store.ExpectedVersion;
import io.eda.store.StoredEvent;
import io.eda.store.postgres.PostgresContext;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;

/** Facts about things, and a read model that shows every one of them that is missing, doubled or out of order. */
final class Things {

    /** The only kind of fact. */
    record Counted(long amount) {}

    /** What is shown of one thing. */
    record Row(long events, long sum, long outOfOrder) {}

    static final JacksonEventSerializer JSON = new JacksonEventSerializer(
            EventTypes.builder().add("thing.counted", Counted.class).build());

    static final String TABLE =
            "create table if not exists tally (id text primary key, events bigint not null, sum bigint"
                    + " not null, last_version bigint not null, out_of_order bigint not null)";

    private static final String UPSERT =
            "insert into tally as t values (?, 1, ?, ?, 0) on conflict (id) do update set events = t.events + 1, sum ="
                    + " t.sum + excluded.sum, last_version = excluded.last_version, out_of_order = t.out_of_order + case when"
                    + " t.last_version + 1 = excluded.last_version then 0 else 1 end";

    static final Projection<PostgresContext> TALLY = Projection.<PostgresContext>named("tally")
            .inBatches(List.of(Counted.class), (events, context) -> {
                for (Event<?> event : events) {
                    context.executeForRow(
                            event.aggregateId(),
                            UPSERT,
                            event.aggregateId().id(),
                            ((Counted) event.data()).amount(),
                            event.aggregateVersion());
                }
            })
            .clearedBy(context -> context.execute("delete from tally"))
            .build();

    private Things() {}

    static long append(EventStore store, String thing, long amount) {
        return store.append(AggregateId.of("thing", thing), ExpectedVersion.any(), List.of(new Counted(amount)))
                .lastPosition();
    }

    static Map<String, Row> rows(DataSource dataSource) throws SQLException {
        Map<String, Row> found = new TreeMap<>();
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select id, events, sum, out_of_order from tally")) {
            while (rows.next()) {
                found.put(rows.getString(1), new Row(rows.getLong(2), rows.getLong(3), rows.getLong(4)));
            }
        }
        return found;
    }

    /** What a fresh fold over all events gives. */
    static Map<String, Row> fold(EventStorage storage) {
        Map<String, Row> fold = new TreeMap<>();
        EventPage page = new EventPage(List.of(), 0, 0);
        do {
            page = storage.readAll(page.position(), EventFilter.all(), 1_000);
            for (StoredEvent<EventRecord> stored : page.events()) {
                Counted data = (Counted) JSON.deserialize(stored.event()).get(0).data();
                fold.merge(
                        stored.event().aggregateId().id(),
                        new Row(1, data.amount(), 0),
                        (a, b) -> new Row(a.events + b.events, a.sum + b.sum, 0));
            }
        } while (!page.isLast());
        return fold;
    }
}
