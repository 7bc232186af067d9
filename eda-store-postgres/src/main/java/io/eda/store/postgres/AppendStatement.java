package io.eda.store.postgres;

import io.eda.store.Append;
import io.eda.store.ExpectedVersion;
import io.eda.store.NewEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The statements that append: one for a single event, and one for whatever goes together. Both give a row for each event that was stored,
 * in the order of the events: its id, its version and its position. An append that was refused has none.
 */
final class AppendStatement {

    private final String eventSql;
    private final String batchSql;

    AppendStatement(PostgresOptions options) {
        this.eventSql = SqlFile.read("statement/append_event.sql", options.schema());
        this.batchSql = SqlFile.read("statement/append_batch.sql", options.schema());
    }

    /** Returns what is to be prepared for these appends. */
    String sqlOf(List<Append> appends) {
        return isOneEvent(appends) ? eventSql : batchSql;
    }

    /** Sets the parameters of the statement that was prepared for these appends, which stand in the order of their aggregates. */
    static void bind(PreparedStatement statement, List<Append> appends) throws SQLException {
        if (isOneEvent(appends)) {
            bindEvent(statement, appends.get(0));
        } else {
            bindBatch(statement, appends);
        }
    }

    private static boolean isOneEvent(List<Append> appends) {
        return appends.size() == 1 && appends.get(0).events().size() == 1;
    }

    private static void bindEvent(PreparedStatement statement, Append append) throws SQLException {
        NewEvent event = append.events().get(0);
        EventColumns.write(statement, event);
        statement.setString(8, append.aggregateId().type());
        statement.setString(9, append.aggregateId().id());
        statement.setObject(10, expected(append).orElse(null), Types.BIGINT);
        statement.setLong(11, EventColumns.micros(event.timestamp()));
    }

    private static void bindBatch(PreparedStatement statement, List<Append> appends) throws SQLException {
        int events = appends.stream().mapToInt(append -> append.events().size()).sum();
        String[] types = new String[events];
        String[] ids = new String[events];
        Long[] expected = new Long[events];
        Long[] nths = new Long[events];
        List<NewEvent> all = new ArrayList<>(events);
        for (Append append : appends) {
            long nth = 1;
            for (NewEvent event : append.events()) {
                int row = all.size();
                types[row] = append.aggregateId().type();
                ids[row] = append.aggregateId().id();
                expected[row] = expected(append).orElse(null);
                nths[row] = nth++;
                all.add(event);
            }
        }
        Connection connection = statement.getConnection();
        statement.setArray(1, connection.createArrayOf("text", types));
        statement.setArray(2, connection.createArrayOf("text", ids));
        statement.setArray(3, connection.createArrayOf("int8", expected));
        statement.setArray(4, connection.createArrayOf("int8", nths));
        EventColumns.write(statement, 5, all);
    }

    /** Returns the version that an append asks for, or nothing where it takes any. */
    static Optional<Long> expected(Append append) {
        return append.expectedVersion() instanceof ExpectedVersion.Exactly exactly
                ? Optional.of(exactly.version())
                : Optional.empty();
    }
}
