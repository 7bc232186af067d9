package io.eda.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.eda.store.ExpectedVersion;
import io.eda.store.postgres.Watermark.Observation;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** The order of the two statements of an observation, which no soak is likely to catch: the gap is a few microseconds. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class ObservationIT {

    private final DataSource dataSource = TestDatabase.dataSource();
    private final PostgresOptions options = TestDatabase.freshSchema();
    private final Set<String> writers = new HashSet<>();
    private long committed;

    @Test
    void a_writer_that_begins_between_its_two_statements_is_not_skipped() throws Exception {
        try (PostgresEventStorage storage = PostgresEventStorage.create(dataSource, options);
                RawWriter slow = new RawWriter(dataSource, options);
                Connection connection = dataSource.getConnection()) {
            String[] statements = SqlFile.read("statement/observe.sql", options.schema())
                    .replace("?", "0")
                    .split(";");
            assertThat(statements).hasSize(2);

            ask(connection, statements[0]);
            long late = slow.insert("slow", 1, 1);
            storage.append(Events.append("fast", ExpectedVersion.noEvents(), 1));
            ask(connection, statements[1]);

            assertThat(new Watermark().observe(new Observation(committed, writers)))
                    .as("the safe position, while position %s is not committed", late)
                    .isLessThan(late);
        }
    }

    private void ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                if (rows.getMetaData().getColumnName(1).equals("virtualtransaction")) {
                    writers.add(rows.getString(1));
                } else {
                    committed = rows.getLong(1);
                }
            }
        }
    }
}
