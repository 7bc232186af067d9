package io.eda.store.postgres;

import io.eda.store.EventStorageException;
import io.eda.store.postgres.Connections.Session;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The days of the inbox: made ahead, and dropped when all that stands in them is older than the retention. Whatever cannot be
 * done now is done the next time; until then the default partition takes the days that are missing.
 */
final class InboxPartitions {

    private static final Logger log = LoggerFactory.getLogger(InboxPartitions.class);

    private static final int DAYS_AHEAD = 3;
    private static final int ROWS_PER_DELETE = 10_000;

    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String ALREADY_EXISTS = "42P07";
    private static final String IN_USE = "55006";

    private final Connections connections;
    private final String schema;
    private final Duration retention;

    InboxPartitions(Connections connections, String schema, Duration retention) {
        this.connections = connections;
        this.schema = schema;
        this.retention = retention;
    }

    /**
     * Does what is due.
     *
     * @throws EventStorageException if the server refuses, for example because this role may not create tables
     */
    void maintain() {
        connections.call("Looking after the partitions of " + schema + ".inbox", session -> {
            Days days = days(session);
            LocalDate oldest = days.today.minusDays(retention.toDays() + 1);
            for (LocalDate day = oldest; !day.isAfter(days.today.plusDays(DAYS_AHEAD)); day = day.plusDays(1)) {
                if (!days.present.contains(day)) {
                    step(session, "create_inbox_day", day);
                }
            }
            for (LocalDate day : days.present) {
                if (day.isBefore(oldest)) {
                    step(session, "drop_inbox_day", day);
                }
            }
            return forgetOtherDays(session);
        });
    }

    private Days days(Session session) throws SQLException {
        Set<LocalDate> present = new HashSet<>();
        try (PreparedStatement statement = session.prepare(SqlFile.read("statement/inbox_days.sql", schema));
                ResultSet rows = statement.executeQuery()) {
            LocalDate today = LocalDate.MIN;
            while (rows.next()) {
                today = rows.getObject(1, LocalDate.class);
                LocalDate day = rows.getObject(2, LocalDate.class);
                if (day != null) {
                    present.add(day);
                }
            }
            return new Days(today, present);
        }
    }

    /** One day in a transaction of its own, so that its locks are held for that day alone. */
    private void step(Session session, String statement, LocalDate day) throws SQLException {
        Connection connection = session.connection();
        String sql = SqlFile.read("statement/" + statement + ".sql", schema)
                .replace("${partition}", "inbox_" + day.format(DateTimeFormatter.BASIC_ISO_DATE))
                .replace("${from}", day.toString())
                .replace("${to}", day.plusDays(1).toString())
                .replace("${retention}", Long.toString(retention.toSeconds()));
        connection.setAutoCommit(false);
        try (PreparedStatement turn = session.prepare("select pg_advisory_xact_lock(hashtextextended(?, 0))");
                Statement statements = connection.createStatement()) {
            // Processes that start together take turns, and the later ones find it done.
            turn.setString(1, "io.eda.store.postgres inbox " + schema);
            turn.execute();
            // Whoever waits for a lock lets everybody else wait behind it: a handler that takes long must not become
            // one that stops all.
            statements.execute("set local lock_timeout = '1s'");
            statements.execute(sql);
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            if (!isTheNextTimesAffair(e)) {
                throw e;
            }
            log.atInfo()
                    .addKeyValue("schema", schema)
                    .log("The day {} of {}.inbox is left for the next time: {}", day, schema, e.getMessage());
        } finally {
            connection.setAutoCommit(true);
        }
    }

    /** A lock that was not to be had in time, or another process that did the same at the same time. */
    private static boolean isTheNextTimesAffair(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return state.equals(LOCK_NOT_AVAILABLE)
                || state.equals(ALREADY_EXISTS)
                || state.equals(IN_USE)
                || state.equals("42P01")
                || state.equals("23505")
                || state.equals("40P01")
                || state.equals("23514");
    }

    private int forgetOtherDays(Session session) throws SQLException {
        int forgotten = 0;
        try (PreparedStatement statement = session.prepare(SqlFile.read("statement/forget_other_days.sql", schema))) {
            statement.setDouble(1, (double) retention.toSeconds());
            statement.setInt(2, ROWS_PER_DELETE);
            int rows;
            do {
                rows = statement.executeUpdate();
                forgotten += rows;
            } while (rows == ROWS_PER_DELETE);
        }
        return forgotten;
    }

    private record Days(LocalDate today, Set<LocalDate> present) {}
}
