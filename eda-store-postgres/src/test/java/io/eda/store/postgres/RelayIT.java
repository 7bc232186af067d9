package io.eda.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eda.bus.EventBus;
import io.eda.outbox.OutboxRelay;
import io.eda.store.EventStore;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The relay over a store whose appends overlap. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(90)
final class RelayIT {

    private static final Duration SOON = Duration.ofSeconds(40);

    private final DataSource dataSource = TestDatabase.dataSource();
    private final PostgresOptions options = TestDatabase.freshSchema();

    @Test
    void a_relay_that_begins_now_relays_an_append_that_is_under_way() throws Exception {
        try (PostgresEventStorage storage = PostgresEventStorage.create(dataSource, options)) {
            EventStore store = Tally.store(storage);
            PostgresCheckpointStore checkpoints = PostgresCheckpointStore.create(dataSource, options);
            TableTransport.createTable(dataSource, options.schema());
            long before = Tally.append(store, "before", 1);
            assertThat(storage.awaitVisible(before, SOON)).isEqualTo(before);
            try (RawWriter writer = new RawWriter(dataSource, options);
                    EventBus bus = new EventBus(new TableTransport(dataSource, options.schema()), Tally.JSON)) {
                writer.insert("slow", 1, 1);
                long later = Tally.append(store, "fast", 2);
                try (var relay = OutboxRelay.builder("relay", storage, checkpoints, bus)
                        .fromNow()
                        .start()) {
                    writer.commit();
                    relay.awaitPosition(later, SOON);
                    await().atMost(SOON).until(() -> checkpoints.position("relay") >= later);
                    assertThat(published()).isEqualTo("slow, fast");
                }
            }
        }
    }

    @Test
    void relays_of_different_names_know_nothing_of_each_other() throws Exception {
        try (PostgresEventStorage storage = PostgresEventStorage.create(dataSource, options)) {
            EventStore store = Tally.store(storage);
            PostgresCheckpointStore checkpoints = PostgresCheckpointStore.create(dataSource, options);
            TableTransport.createTable(dataSource, options.schema());
            long last = Tally.append(store, "ada", 1);
            try (EventBus bus = new EventBus(new TableTransport(dataSource, options.schema()), Tally.JSON);
                    var one = OutboxRelay.builder("one", storage, checkpoints, bus)
                            .start();
                    var other = OutboxRelay.builder("other", storage, checkpoints, bus)
                            .start()) {
                one.awaitPosition(last, SOON);
                other.awaitPosition(last, SOON);
                await().atMost(SOON).untilAsserted(() -> assertThat(published()).isEqualTo("ada, ada"));
                assertThat(one.shardsHere() + other.shardsHere()).isEqualTo(2);
            }
        }
    }

    private String published() throws Exception {
        return TestDatabase.query(
                dataSource,
                "select string_agg(e.aggregate_id, ', ' order by p.seq) from " + options.schema() + ".published p join "
                        + options.schema() + ".events e on e.event_id = p.id");
    }
}
