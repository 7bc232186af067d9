package io.eda.store.postgres;

import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;

/** Many events at once, in SQL: one of each new aggregate, with ids in the order of time. */
final class BulkEvents {

    // The same layout as UUIDv7: milliseconds, version, and bits that spread.
    private static final String ID =
            "(lpad(to_hex(1700000000000 + n / 50), 12, '0') || '7' || substr(md5(n::text), 1, 3)"
                    + " || '8' || substr(md5(n::text), 4, 15))::uuid";

    private BulkEvents() {}

    /**
     * Inserts the events numbered {@code from} to {@code to}.
     *
     * @param type an SQL expression over the number n
     */
    static void insert(DataSource dataSource, PostgresOptions options, long from, long to, String type)
            throws SQLException {
        TestDatabase.execute(
                dataSource,
                "insert into " + table(options) + " " + RawWriter.COLUMNS + " select 'order', 'bulk ' || n, 1, " + ID
                        + ", " + type + ", 1, now(), 'c', 'c', '\\x7b7d' from generate_series(" + from + "::int8, " + to
                        + "::int8) n order by n");
    }

    /** Leaves the table as a quiet server has it: with statistics, and the index of ids and types up to date. */
    static void settle(DataSource dataSource, PostgresOptions options) throws SQLException {
        TestDatabase.execute(dataSource, "vacuum analyze " + table(options));
    }

    static UUID id(DataSource dataSource, long n) throws SQLException {
        return UUID.fromString(TestDatabase.query(dataSource, "select " + ID + " from (select " + n + "::int8 n) k"));
    }

    static String table(PostgresOptions options) {
        return '"' + options.schema() + "\".events";
    }
}
