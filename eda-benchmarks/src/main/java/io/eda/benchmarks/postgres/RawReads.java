package io.eda.benchmarks.postgres;

import io.eda.benchmarks.harness.Operation;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.SplittableRandom;

/** Reads with the driver alone, over the same columns as ours. */
final class RawReads {

    private static final String ALL = "select " + EventsTable.READ + " from " + EventsTable.NAME + " order by position";

    // With the limit, as ours has it: without, the planner may sort instead of walking the index, and plans are not
    // compared.
    private static final String AGGREGATE = "select " + EventsTable.READ + " from " + EventsTable.NAME
            + " where aggregate_id = ? and aggregate_type = ? and aggregate_version >= ? order by aggregate_version limit ?";

    private RawReads() {}

    /** Reads everything in order through one cursor, a page a call, again and again. */
    static Callers all(Connections connections, StoredHistory history, int pageSize) {
        return () -> {
            Connection connection = connections.connectForBinary();
            // Within a transaction alone does the driver fetch page by page.
            connection.setAutoCommit(false);
            PreparedStatement select = connection.prepareStatement(ALL);
            select.setFetchSize(pageSize);
            return new Cursor(select, history, pageSize)::next;
        };
    }

    /** Reads one aggregate a call. */
    static Callers aggregates(Connections connections, StoredHistory history) {
        return () -> {
            PreparedStatement select = connections.connect().prepareStatement(AGGREGATE);
            SplittableRandom random = new SplittableRandom();
            Operation operation = watch -> {
                select.setString(1, history.anyAggregate(random));
                select.setString(2, SampleEvents.AGGREGATE_TYPE);
                select.setLong(3, 1);
                select.setInt(4, StoredHistory.EVENTS_PER_AGGREGATE);
                try (ResultSet rows = select.executeQuery()) {
                    return history.wholeAggregate(decode(rows, Integer.MAX_VALUE));
                }
            };
            return operation;
        };
    }

    /** Decodes up to {@code limit} rows, and returns how many there were. */
    private static int decode(ResultSet rows, int limit) throws SQLException {
        int count = 0;
        while (count < limit && rows.next()) {
            EventRow.decode(rows);
            count++;
        }
        return count;
    }

    private static final class Cursor {

        private final PreparedStatement select;
        private final StoredHistory history;
        private final int pageSize;
        private ResultSet rows;
        private int seen;

        Cursor(PreparedStatement select, StoredHistory history, int pageSize) throws SQLException {
            this.select = select;
            this.history = history;
            this.pageSize = pageSize;
            this.rows = select.executeQuery();
        }

        int next(Object watch) throws SQLException {
            int count = decode(rows, pageSize);
            seen += count;
            if (count < pageSize) {
                history.requireAll(seen);
                rows.close();
                rows = select.executeQuery();
                seen = 0;
            }
            return count;
        }
    }
}
