package io.eda.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.eda.event.EventRecord;
import io.eda.store.EventFilter;
import io.eda.store.EventPage;
import io.eda.store.StoredEvent;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Filters by type and look-ups by id over a large table, with the plans that PostgreSQL makes for them: never the whole table,
 * never a sort, at whatever place a reader stands.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(120)
final class TypeFilterIT {

    private static final int EVENTS = 300_000;
    private static final EventFilter RARE = EventFilter.types(Set.of("rare.happened"));
    private static final DataSource DATA_SOURCE = TestDatabase.dataSource();
    private static final PostgresOptions OPTIONS = TestDatabase.freshSchema();

    @SuppressWarnings("NullAway.Init") // load() sets it before every test.
    private static PostgresEventStorage storage;

    @BeforeAll
    static void load() throws Exception {
        storage = PostgresEventStorage.create(DATA_SOURCE, OPTIONS);
        // Rare ones at 100 000, 200 000 and 300 000; one of ten is of another type.
        String type = "case when n % 100000 = 0 then 'rare.happened' when n % 10 = 0 then 'tenth.happened'"
                + " else 'thing.happened' end";
        BulkEvents.insert(DATA_SOURCE, OPTIONS, 1, EVENTS, type);
        BulkEvents.settle(DATA_SOURCE, OPTIONS);
    }

    @AfterAll
    static void drop() throws Exception {
        storage.close();
        TestDatabase.execute(DATA_SOURCE, "drop schema " + OPTIONS.schema() + " cascade");
    }

    @ParameterizedTest
    @CsvSource({
        "caught up, 300000, 300000",
        "slightly behind, 299000, 300000",
        "deep, 150000, 200000",
        "from zero, 0, 50000"
    })
    void a_page_walks_the_primary_key_and_sorts_nothing(String regime, long after, long end) throws Exception {
        for (String types : List.of("{rare.happened}", "{thing.happened,tenth.happened}", "{never.happened}")) {
            assertThat(plan("statement/read_all_of_types.sql", after, end, "'" + types + "'", 500))
                    .as("the plan of %s for %s", regime, types)
                    .contains("Index Scan using events_position")
                    .doesNotContain("Seq Scan")
                    .doesNotContain("Sort");
        }
        assertThat(plan("statement/read_all.sql", after, end, 500))
                .as("the plan of %s without a filter", regime)
                .contains("Index Scan using events_position")
                .doesNotContain("Seq Scan")
                .doesNotContain("Sort");
    }

    @ParameterizedTest
    @CsvSource({"299000, 300000", "150000, 300000", "0, 300000"})
    void the_next_event_of_a_type_is_found_without_reading_the_table(long after, long end) throws Exception {
        for (String types : List.of("{rare.happened}", "{never.happened,rare.happened}")) {
            assertThat(plan("statement/next_of_types.sql", after, end, "'" + types + "'"))
                    .contains("Index Cond")
                    .doesNotContain("Seq Scan")
                    .doesNotContain("Sort");
        }
        assertThat(plan("statement/next_of_types.sql", 0, EVENTS, "'{never.happened}'"))
                .contains("Bitmap Index Scan on events_id_and_type");
    }

    @Test
    void a_sparse_type_is_followed_over_a_large_table_in_few_pages() {
        List<Long> found = new ArrayList<>();
        int pages = 0;
        EventPage page;
        long position = 0;
        do {
            page = storage.readAll(position, RARE, 100);
            page.events().forEach(stored -> found.add(stored.position()));
            position = page.position();
            pages++;
        } while (!page.isLast());

        assertThat(found).containsExactly(100_000L, 200_000L, 300_000L);
        // A leap to each, and a page that begins there.
        assertThat(pages).isLessThanOrEqualTo(8);
    }

    @Test
    void a_filter_that_nothing_passes_comes_to_the_end() {
        EventPage page = storage.readAll(0, EventFilter.types(Set.of("never.happened")), 100);

        assertThat(page.events()).isEmpty();
        assertThat(page.position()).isEqualTo(EVENTS);
        assertThat(page.isLast()).isTrue();
    }

    @Test
    void an_event_is_found_by_its_id_without_reading_the_table() throws Exception {
        UUID id = BulkEvents.id(DATA_SOURCE, 123_456);

        assertThat(storage.findEvent(id))
                .map(StoredEvent::event)
                .map(EventRecord::eventId)
                .hasValue(id);
        assertThat(plan("statement/find_event.sql", "'" + id + "'"))
                .contains("Bitmap Index Scan on events_id_and_type")
                .doesNotContain("Seq Scan");
        assertThat(storage.findEvent(UUID.randomUUID())).isEmpty();
    }

    private static String plan(String file, Object... parameters) throws SQLException {
        String sql = SqlFile.read(file, OPTIONS.schema());
        for (Object parameter : parameters) {
            sql = sql.replaceFirst("\\?", parameter.toString());
        }
        StringBuilder plan = new StringBuilder();
        try (Connection connection = DATA_SOURCE.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("explain " + sql)) {
            while (rows.next()) {
                plan.append(rows.getString(1)).append('\n');
            }
        }
        return plan.toString();
    }
}
