package io.eda.store.postgres;

import io.eda.store.Append;
import io.eda.store.AppendResult;
import io.eda.store.postgres.Connections.Session;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Appends to many aggregates in one statement, which commits by itself. */
final class BatchAppender {

    private final Connections connections;
    private final AppendStatement statements;

    BatchAppender(Connections connections, PostgresOptions options) {
        this.connections = connections;
        this.statements = new AppendStatement(options);
    }

    /**
     * What became of a batch.
     *
     * @param answers a result for each request that was stored; nothing for one that was not, or where it is not known
     * @param loss nothing where the server has answered; else what is known about the lost answer
     */
    record Outcome(List<Optional<AppendResult>> answers, Optional<LostAnswer> loss) {}

    /** Sends the requests, which stand in the order of their aggregates. */
    Outcome attempt(List<PendingAppend> batch) {
        List<Append> appends = batch.stream().map(PendingAppend::append).toList();
        List<Optional<AppendResult>> answers = new ArrayList<>(Collections.nCopies(batch.size(), Optional.empty()));
        int pid = LostAnswer.NO_PID;
        boolean isSent = false;
        try (Session session = connections.open()) {
            pid = session.pid();
            try (PreparedStatement statement = session.prepare(statements.sqlOf(appends))) {
                AppendStatement.bind(statement, appends);
                isSent = true;
                try (ResultSet rows = statement.executeQuery()) {
                    read(rows, appends, answers);
                }
            }
            return new Outcome(answers, Optional.empty());
        } catch (SQLException e) {
            // Not one request of it is known to be stored: a failed statement was rolled back as a whole.
            Collections.fill(answers, Optional.empty());
            boolean isLost = isSent && SqlFailure.of(e) == SqlFailure.LOST;
            return new Outcome(answers, isLost ? Optional.of(new LostAnswer(pid, e)) : Optional.empty());
        }
    }

    /**
     * Rows come in the order of the requests, and a request that was refused has none. What could not be matched counts as not
     * stored here: it is sent again alone, and recognised by its ids.
     */
    private static void read(ResultSet rows, List<Append> appends, List<Optional<AppendResult>> answers)
            throws SQLException {
        int next = 0;
        while (rows.next()) {
            UUID eventId = rows.getObject(1, UUID.class);
            int request = next;
            while (request < appends.size() && !isLastOf(appends.get(request), eventId)) {
                request++;
            }
            if (request < appends.size()) {
                answers.set(request, Optional.of(new AppendResult(rows.getLong(2), rows.getLong(3))));
                next = request + 1;
            }
        }
    }

    private static boolean isLastOf(Append append, UUID eventId) {
        return append.events().get(append.events().size() - 1).eventId().equals(eventId);
    }
}
