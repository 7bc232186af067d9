package io.eda.store.postgres;

import io.eda.store.Append;
import io.eda.store.AppendOutcomeUnknownException;
import io.eda.store.AppendResult;
import io.eda.store.ConcurrencyConflictException;
import io.eda.store.EventStorageException;
import io.eda.store.NewEvent;
import io.eda.store.postgres.Connections.Session;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

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
    private static final Refused REFUSED = new Refused();

    private final Connections connections;
    private final AppendStatement statements;
    private final String standingSql;
    private final String lostSessionSql;
    private final String lostAppendSql;

    EventAppender(Connections connections, PostgresOptions options) {
        this.connections = connections;
        this.statements = new AppendStatement(options);
        this.standingSql = SqlFile.read("statement/standing.sql", options.schema());
        this.lostSessionSql = SqlFile.read("statement/lost_session.sql", options.schema());
        this.lostAppendSql = SqlFile.read("statement/lost_append.sql", options.schema());
    }

    /** What one attempt came to. */
    private sealed interface Outcome {}

    private record Stored(AppendResult result) implements Outcome {}

    /** Surely not stored: the aggregate was at another version, or another writer was at the key at the same time. */
    private record Refused() implements Outcome {}

    /** No answer. */
    private record Lost(LostAnswer answer) implements Outcome {}

    /** Not found, and the first attempt may still be under way. */
    private record Undecided() implements Outcome {}

    /** What stands at the versions that an append asked for. */
    private record Standing(List<UUID> ids, AppendResult result, long actualVersion) {
        boolean isRepetitionOf(Append append) {
            return ids.equals(append.events().stream().map(NewEvent::eventId).toList());
        }
    }

    /** Appends by {@code deadline}, a value of {@code System.nanoTime()}. */
    AppendResult append(Append append, long deadline) {
        while (true) {
            Outcome outcome = attempt(session(append), append);
            if (outcome instanceof Stored stored) {
                return stored.result();
            }
            Optional<AppendResult> result =
                    outcome instanceof Lost lost ? resolve(append, lost.answer(), deadline) : answer(append);
            if (result.isPresent()) {
                return result.get();
            }
            if (System.nanoTime() - deadline >= 0) {
                throw new EventStorageException(
                        describe(append) + " met other writers at every attempt until its deadline."
                                + " Nothing was stored: try again, or let fewer writers append to this aggregate.");
            }
        }
    }

    /** Appends what a statement with a lost answer may have stored already. */
    AppendResult appendAfter(LostAnswer lost, Append append, long deadline) {
        return resolve(append, lost, deadline).orElseGet(() -> append(append, deadline));
    }

    /** Appends in the caller's transaction. */
    AppendResult appendIn(Connection transaction, Append append) {
        EventColumns.check(append);
        try (PreparedStatement statement = transaction.prepareStatement(statements.sqlOf(List.of(append)))) {
            if (transaction.getAutoCommit()) {
                throw new EventStorageException(
                        describe(append) + " was to join a transaction, but the connection is in"
                                + " autocommit: call setAutoCommit(false) first, or append through the storage itself.");
            }
            Outcome outcome = execute(statement, append);
            return outcome instanceof Stored stored ? stored.result() : answerIn(transaction, append);
        } catch (SQLException e) {
            if (SqlFailure.of(e) == SqlFailure.COLLISION) {
                throw conflict(append, e);
            }
            throw Connections.failure(
                    describe(append) + " in the caller's transaction, which is to be rolled back,", e);
        }
    }

    private AppendResult answerIn(Connection transaction, Append append) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(standingSql)) {
            Standing standing = standing(statement, append);
            if (standing.isRepetitionOf(append)) {
                return standing.result();
            }
            throw new ConcurrencyConflictException(
                    append.aggregateId(), append.expectedVersion(), standing.actualVersion());
        }
    }

    /** PostgreSQL has aborted the transaction; who was first has committed, so another connection can see it. */
    private ConcurrencyConflictException conflict(Append append, SQLException cause) {
        long actual = askStanding(append, "met another writer, and asking for its version")
                .actualVersion();
        var conflict = new ConcurrencyConflictException(append.aggregateId(), append.expectedVersion(), actual);
        conflict.addSuppressed(cause);
        return conflict;
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
        int pid = LostAnswer.NO_PID;
        try (session) {
            pid = session.pid();
            try (PreparedStatement statement = session.prepare(statements.sqlOf(List.of(append)))) {
                return execute(statement, append);
            }
        } catch (SQLException e) {
            SqlFailure failure = SqlFailure.of(e);
            if (failure == SqlFailure.REFUSAL) {
                throw Connections.failure(describe(append), e);
            }
            return failure == SqlFailure.LOST ? new Lost(new LostAnswer(pid, e)) : REFUSED;
        }
    }

    private static Outcome execute(PreparedStatement statement, Append append) throws SQLException {
        AppendStatement.bind(statement, List.of(append));
        Outcome outcome = REFUSED;
        try (ResultSet rows = statement.executeQuery()) {
            // The last event's is the answer.
            while (rows.next()) {
                outcome = new Stored(new AppendResult(rows.getLong(2), rows.getLong(3)));
            }
        }
        return outcome;
    }

    /**
     * Tells what a refusal means: a repetition of what is stored already, or a conflict. Nothing, where it is worth another
     * attempt.
     */
    private Optional<AppendResult> answer(Append append) {
        Optional<Long> expected = AppendStatement.expected(append);
        if (expected.isEmpty()) {
            return Optional.empty();
        }
        Standing standing = askStanding(append, "was refused, nothing was stored, and asking why");
        if (standing.isRepetitionOf(append)) {
            return Optional.of(standing.result());
        }
        if (standing.actualVersion() == expected.get()) {
            return Optional.empty();
        }
        throw new ConcurrencyConflictException(
                append.aggregateId(), append.expectedVersion(), standing.actualVersion());
    }

    private Standing askStanding(Append append, String why) {
        return connections.call(describe(append) + " " + why, session -> {
            try (PreparedStatement statement = session.prepare(standingSql)) {
                return standing(statement, append);
            }
        });
    }

    private static Standing standing(PreparedStatement statement, Append append) throws SQLException {
        long expected = AppendStatement.expected(append).orElse(0L);
        statement.setString(1, append.aggregateId().type());
        statement.setString(2, append.aggregateId().id());
        statement.setLong(3, expected + 1);
        statement.setLong(4, expected + append.events().size());
        List<UUID> ids = new ArrayList<>();
        long lastVersion = 0;
        long lastPosition = 0;
        long actualVersion = 0;
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                actualVersion = rows.getLong(4);
                long version = rows.getLong(1);
                if (!rows.wasNull()) {
                    lastVersion = version;
                    ids.add(rows.getObject(2, UUID.class));
                    lastPosition = rows.getLong(3);
                }
            }
        }
        return new Standing(ids, new AppendResult(lastVersion, lastPosition), actualVersion);
    }

    /** Finds out, until the deadline, what became of a lost append. Returns nothing where it surely was not stored. */
    private Optional<AppendResult> resolve(Append append, LostAnswer lost, long deadline) {
        while (System.nanoTime() - deadline < 0) {
            try {
                Outcome outcome = AppendStatement.expected(append).isPresent()
                        ? attempt(session(append), append)
                        : find(append, lost.pid());
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
            // Two statements that commit by themselves: the second sees what the session committed before the first
            // found it ended, at every isolation level.
            boolean mayCommit = pid == LostAnswer.NO_PID || isThere(session, pid);
            try (PreparedStatement statement = session.prepare(lostAppendSql)) {
                statement.setString(1, append.aggregateId().type());
                statement.setString(2, append.aggregateId().id());
                statement.setObject(
                        3, append.events().get(append.events().size() - 1).eventId());
                try (ResultSet row = statement.executeQuery()) {
                    if (row.next()) {
                        return new Stored(new AppendResult(row.getLong(1), row.getLong(2)));
                    }
                }
            }
            return mayCommit ? new Undecided() : REFUSED;
        });
    }

    private boolean isThere(Session session, int pid) throws SQLException {
        try (PreparedStatement statement = session.prepare(lostSessionSql)) {
            statement.setInt(1, pid);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    private static void pause(Append append, LostAnswer lost) {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AppendOutcomeUnknownException(append, lost.cause());
        }
    }

    private static String describe(Append append) {
        return "Append of " + append.events().size() + " events to " + append.aggregateId() + " (expected "
                + append.expectedVersion() + ")";
    }
}
