package io.eda.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eda.event.AggregateId;
import io.eda.intervention.Intervention;
import io.eda.intervention.Intervention.Action;
import io.eda.intervention.Intervention.Site;
import io.eda.projection.ShardPosition;
import io.eda.store.Append;
import io.eda.store.EventStorageException;
import io.eda.store.ExpectedVersion;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is asked when somebody looks into the life of an event. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(60)
final class LookingBackIT {

    private static final DataSource DATA_SOURCE = TestDatabase.dataSource();

    private final PostgresOptions options = TestDatabase.freshSchema();

    @Test
    void interventions_are_kept_in_the_order_of_time_each_with_its_event() {
        UUID ada = UUID.randomUUID();
        UUID bob = UUID.randomUUID();
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        var first = new Intervention(ada, Action.REPLAY, Site.PROJECTION, "order_views", now);
        var second = new Intervention(ada, Action.DROP, Site.GROUP, "inventory, o'neill \"x\"", now.plusMillis(1));
        var other = new Intervention(bob, Action.REPLAY, Site.GROUP, "inventory", now);
        PostgresCheckpointStore.create(DATA_SOURCE, options).interventions().note(List.of(second, first, other));

        var interventions = PostgresCheckpointStore.create(DATA_SOURCE, options).interventions();
        assertThat(interventions.of(List.of(ada))).containsExactly(first, second);
        assertThat(interventions.of(List.of(ada, bob, UUID.randomUUID())))
                .containsExactlyInAnyOrder(first, other, second);
        assertThat(interventions.of(List.of())).isEmpty();
    }

    @Test
    void an_intervention_that_cannot_be_noted_is_an_error() throws SQLException {
        var interventions = PostgresCheckpointStore.create(DATA_SOURCE, options).interventions();
        TestDatabase.execute(DATA_SOURCE, "drop table " + options.schema() + ".interventions");
        assertThatThrownBy(() -> interventions.note(List.of(
                        new Intervention(UUID.randomUUID(), Action.DROP, Site.GROUP, "inventory", Instant.now()))))
                .isInstanceOf(EventStorageException.class)
                .hasMessageContaining("Noting 1 interventions");
    }

    @Test
    void the_shards_of_a_name_are_told_each_with_its_position() throws Exception {
        var checkpoints = PostgresCheckpointStore.create(DATA_SOURCE, options);
        assertThat(checkpoints.shards("orders")).isEmpty();
        checkpoints.advance("orders", 0, 7, context -> {});
        assertThat(checkpoints.shards("orders")).containsExactly(ShardPosition.whole(7));
        checkpoints.leases().arrange("orders", 3);
        assertThat(checkpoints.shards("orders"))
                .extracting(ShardPosition::shard)
                .containsExactly(0, 1, 2);
        assertThat(checkpoints.shards("orders"))
                .extracting(ShardPosition::position)
                .containsOnly(7L);
    }

    @Test
    void a_conversation_is_read_within_its_stretch_and_limit_and_no_other_is() {
        try (var storage = PostgresEventStorage.create(DATA_SOURCE, options)) {
            for (int i = 0; i < 10; i++) {
                storage.append(new Append(
                        AggregateId.of("order", "o-" + i),
                        ExpectedVersion.noEvents(),
                        List.of(Events.event(i % 2 == 0 ? "even" : "odd"))));
            }
            List<Long> even = storage.readConversation("even", 0, Long.MAX_VALUE, 100).stream()
                    .map(stored -> stored.position())
                    .toList();
            assertThat(even).hasSize(5).isSorted();
            assertThat(storage.readConversation("even", even.get(0), even.get(3), 100))
                    .extracting(stored -> stored.position())
                    .containsExactly(even.get(1), even.get(2), even.get(3));
            assertThat(storage.readConversation("even", 0, Long.MAX_VALUE, 2)).hasSize(2);
            assertThat(storage.readConversation("nobody", 0, Long.MAX_VALUE, 100))
                    .isEmpty();
        }
    }

    @Test
    void a_stretch_of_a_large_table_is_walked_along_the_primary_key() throws Exception {
        try (var storage = PostgresEventStorage.create(DATA_SOURCE, options)) {
            BulkEvents.insert(DATA_SOURCE, options, 1, 50_000, "'thing.happened'");
            BulkEvents.settle(DATA_SOURCE, options);
            String plan = plan("explain "
                    + SqlFile.read("statement/read_conversation.sql", options.schema())
                            .replaceFirst("\\?", "40000")
                            .replaceFirst("\\?", "45000")
                            .replaceFirst("\\?", "'nobody'")
                            .replaceFirst("\\?", "500"));
            assertThat(plan)
                    .contains("Index Scan using events_position")
                    .doesNotContain("Seq Scan")
                    .doesNotContain("Sort");
            assertThat(storage.readConversation("nobody", 40_000, 45_000, 500)).isEmpty();
        } finally {
            TestDatabase.execute(DATA_SOURCE, "drop schema " + options.schema() + " cascade");
        }
    }

    private static String plan(String sql) throws SQLException {
        try (Connection connection = DATA_SOURCE.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            StringBuilder plan = new StringBuilder();
            while (rows.next()) {
                plan.append(rows.getString(1)).append('\n');
            }
            return plan.toString();
        }
    }
}
