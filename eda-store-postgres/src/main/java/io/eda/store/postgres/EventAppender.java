package io.eda.store.postgres;

import io.eda.store.Append;
import io.eda.store.AppendOutcomeUnknownException;
import io.eda.store.AppendResult;
import io.eda.store.ConcurrencyConflictException;
import io.eda.store.EventStorageException;
import io.eda.store.ExpectedVersion;
import io.eda.store.NewEvent;
import io.eda.store.postgres.Connections.Session;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.postgresql.PGConnection;

/**
 * Appends in one round trip, and finds out what became of an append that got no answer.
 *
 * <p>An append with an exact version is simply sent again: the events of the first attempt stand at those versions under
 * the same ids, or they never will, because the unique key lets only one attempt pass and makes the second wait for the
 * first. An append at any version could be stored twice that way, so it is looked for by its ids until the session of the
 * first attempt has ended.
 */
final class EventAppender {

    // Long enough not to hammer a server that restarts, short against any deadline.
    private static final long PAUSE_MILLIS = 50;
    private static final int NO_PID = 0;
    private static final Refused REFUSED = new Refused();

    private final Connections connections;
    private final long deadlineNanos;
    private final String appendSql;
    private final String standingSql;
    private final String lostAppendSql;

    EventAppender(Connections connections, PostgresOptions options) {
        this.connections = connections;
        this.deadlineNanos = options.appendDeadline().toNanos();
        this.appendSql = SqlFile.read("statement/append.sql", options.schema());
        this.standingSql = SqlFile.read("statement/standing.sql", options.schema());
        this.lostAppendSql = SqlFile.read("statement/lost_append.sql", options.schema());
    }

    /** What one attempt came to. */
    private sealed interface Outcome {}

    private record Stored(AppendResult result) implements Outcome {}

    /** Surely not stored: the aggregate was at another version, or another writer was at the key at the same time. */
    private record Refused() implements Outcome {}

    /** No answer: the server process {@code pid} may still be at it. */
    private record Lost(int pid, SQLException cause) implements Outcome {}

    /** Not found, and the first attempt may still be under way. */
    private record Undecided() implements Outcome {}

    /** What stands at the versions that an append asked for. */
    private record Standing(List<UUID> ids, long lastPosition, long actualVersion) {
        boolean isRepetitionOf(Append append) {
            return ids.equals(append.events().stream().map(NewEvent::eventId).toList());
        }
    }

    AppendResult append(Append append) {
        EventColumns.check(append);
        long deadline = System.nanoTime() + deadlineNanos;
        while (true) {
            Outcome outcome = attempt(session(append), append);
            if (outcome instanceof Stored stored) {
                return stored.result();
            }
            Optional<AppendResult> result =
                    outcome instanceof Lost lost ? resolve(append, lost, deadline) : answer(append);
            if (result.isPresent()) {
                return result.get();
            }
            if (System.nanoTime() >= deadline) {
                throw new EventStorageException(
                        describe(append) + " met other writers at every attempt until its deadline."
                                + " Nothing was stored: try again, or let fewer writers append to this aggregate.");
            }
        }
    }

    private Session session(Append append) {
        try {
            return connections.open();
        } catch (SQLException e) {
            throw Connections.failure(describe(append) + " got no connection, so nothing was stored: it", e);
        }
    }

    /** Sends the statement, which commits by itself. */
    private Outcome attempt(Session session, Append append) {
        int pid = NO_PID;
        try (session) {
            pid = pidOf(session);
            try (PreparedStatement statement = session.prepare(appendSql)) {
                bind(statement, append);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    long version = row.getLong(2);
                    return row.wasNull() ? REFUSED : new Stored(new AppendResult(version, row.getLong(3)));
                }
            }
        } catch (SQLException e) {
            SqlFailure failure = SqlFailure.of(e);
            if (failure == SqlFailure.REFUSAL) {
                throw Connections.failure(describe(append), e);
            }
            return failure == SqlFailure.LOST ? new Lost(pid, e) : REFUSED;
        }
    }

    private static int pidOf(Session session) throws SQLException {
        return session.connection().isWrapperFor(PGConnection.class)
                ? session.connection().unwrap(PGConnection.class).getBackendPID()
                : NO_PID;
    }

    private static void bind(PreparedStatement statement, Append append) throws SQLException {
        statement.setString(1, append.aggregateId().type());
        statement.setString(2, append.aggregateId().id());
        EventColumns.write(statement, 3, append.events());
        Optional<Long> expected = expected(append);
        statement.setBoolean(11, expected.isEmpty());
        statement.setLong(12, expected.orElse(0L));
    }

    /**
     * Tells what a refusal means: a repetition of what is stored already, or a conflict. Nothing, where it is worth another
     * attempt.
     */
    private Optional<AppendResult> answer(Append append) {
        Optional<Long> expected = expected(append);
        if (expected.isEmpty()) {
            return Optional.empty();
        }
        Standing standing = connections.call(
                describe(append) + " was refused, nothing was stored, and asking why",
                session -> standing(session, append, expected.get()));
        if (standing.isRepetitionOf(append)) {
            return Optional.of(new AppendResult(expected.get() + append.events().size(), standing.lastPosition()));
        }
        if (standing.actualVersion() == expected.get()) {
            return Optional.empty();
        }
        throw new ConcurrencyConflictException(
                append.aggregateId(), append.expectedVersion(), standing.actualVersion());
    }

    private Standing standing(Session session, Append append, long expected) throws SQLException {
        try (PreparedStatement statement = session.prepare(standingSql)) {
            statement.setString(1, append.aggregateId().type());
            statement.setString(2, append.aggregateId().id());
            statement.setLong(3, expected + 1);
            statement.setLong(4, expected + append.events().size());
            List<UUID> ids = new ArrayList<>();
            long lastPosition = 0;
            long actualVersion = 0;
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    actualVersion = rows.getLong(4);
                    rows.getLong(1);
                    if (!rows.wasNull()) {
                        ids.add(rows.getObject(2, UUID.class));
                        lastPosition = rows.getLong(3);
                    }
                }
            }
            return new Standing(ids, lastPosition, actualVersion);
        }
    }

    /** Finds out, until the deadline, what became of a lost append. Returns nothing where it surely was not stored. */
    private Optional<AppendResult> resolve(Append append, Lost lost, long deadline) {
        while (System.nanoTime() < deadline) {
            try {
                Outcome outcome =
                        expected(append).isPresent() ? attempt(session(append), append) : find(append, lost.pid());
                if (outcome instanceof Stored stored) {
                    return Optional.of(stored.result());
                }
                if (outcome instanceof Refused) {
                    return answer(append);
                }
            } catch (EventStorageException e) {
                // The server is still away, or an answer is held up by what the first attempt holds: the deadline
                // decides.
                lost.cause().addSuppressed(e);
            }
            pause(append, lost);
        }
        throw new AppendOutcomeUnknownException(append, lost.cause());
    }

    /** Looks for an append by its last id: all of its events are there, or none. */
    private Outcome find(Append append, int pid) {
        return connections.call("Looking for a lost append to " + append.aggregateId(), session -> {
            try (PreparedStatement statement = session.prepare(lostAppendSql)) {
                statement.setInt(1, pid);
                statement.setString(2, append.aggregateId().type());
                statement.setString(3, append.aggregateId().id());
                statement.setObject(
                        4, append.events().get(append.events().size() - 1).eventId());
                statement.execute();
                boolean mayCommit = pid == NO_PID || isTrue(statement);
                statement.getMoreResults();
                try (ResultSet row = statement.getResultSet()) {
                    if (row.next()) {
                        return new Stored(new AppendResult(row.getLong(1), row.getLong(2)));
                    }
                }
                return mayCommit ? new Undecided() : REFUSED;
            }
        });
    }

    private static boolean isTrue(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.getResultSet()) {
            return row.next() && row.getBoolean(1);
        }
    }

    private static void pause(Append append, Lost lost) {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AppendOutcomeUnknownException(append, lost.cause());
        }
    }

    private static Optional<Long> expected(Append append) {
        return append.expectedVersion() instanceof ExpectedVersion.Exactly exactly
                ? Optional.of(exactly.version())
                : Optional.empty();
    }

    private static String describe(Append append) {
        return "Append of " + append.events().size() + " events to " + append.aggregateId() + " (expected "
                + append.expectedVersion() + ")";
    }
}
