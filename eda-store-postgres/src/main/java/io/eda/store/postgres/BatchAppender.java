package io.eda.store.postgres;

import io.eda.store.Append;
import io.eda.store.AppendResult;
import io.eda.store.ExpectedVersion;
import io.eda.store.NewEvent;
import io.eda.store.postgres.Connections.Session;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Appends to many aggregates in one statement, which commits by itself. */
final class BatchAppender {

    private final Connections connections;
    private final String appendSql;

    BatchAppender(Connections connections, PostgresOptions options) {
        this.connections = connections;
        this.appendSql = SqlFile.read("statement/append_batch.sql", options.schema());
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
        List<Optional<AppendResult>> answers = new ArrayList<>(Collections.nCopies(batch.size(), Optional.empty()));
        int pid = LostAnswer.NO_PID;
        boolean isSent = false;
        try (Session session = connections.open()) {
            pid = session.pid();
            try (PreparedStatement statement = session.prepare(appendSql)) {
                bind(statement, batch);
                isSent = true;
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        long version = rows.getLong(2);
                        if (!rows.wasNull()) {
                            answers.set(rows.getInt(1) - 1, Optional.of(new AppendResult(version, rows.getLong(3))));
                        }
                    }
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

    private static void bind(PreparedStatement statement, List<PendingAppend> batch) throws SQLException {
        int events = batch.stream().mapToInt(p -> p.append().events().size()).sum();
        String[] types = new String[batch.size()];
        String[] ids = new String[batch.size()];
        Long[] expected = new Long[batch.size()];
        Long[] requests = new Long[events];
        Long[] nths = new Long[events];
        List<NewEvent> all = new ArrayList<>(events);
        for (int i = 0; i < batch.size(); i++) {
            Append append = batch.get(i).append();
            types[i] = append.aggregateId().type();
            ids[i] = append.aggregateId().id();
            expected[i] =
                    append.expectedVersion() instanceof ExpectedVersion.Exactly exactly ? exactly.version() : null;
            for (int nth = 1; nth <= append.events().size(); nth++) {
                requests[all.size()] = i + 1L;
                nths[all.size()] = (long) nth;
                all.add(append.events().get(nth - 1));
            }
        }
        Connection connection = statement.getConnection();
        statement.setArray(1, connection.createArrayOf("text", types));
        statement.setArray(2, connection.createArrayOf("text", ids));
        statement.setArray(3, connection.createArrayOf("int8", expected));
        statement.setArray(4, connection.createArrayOf("int8", requests));
        statement.setArray(5, connection.createArrayOf("int8", nths));
        EventColumns.write(statement, 6, all);
    }
}
