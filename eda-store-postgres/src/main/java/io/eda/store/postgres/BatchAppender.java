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
import java.util.UUID;

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
                    read(rows, batch, answers);
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
    private static void read(ResultSet rows, List<PendingAppend> batch, List<Optional<AppendResult>> answers)
            throws SQLException {
        int next = 0;
        while (rows.next()) {
            UUID eventId = rows.getObject(1, UUID.class);
            int request = next;
            while (request < batch.size() && !isLastOf(batch.get(request).append(), eventId)) {
                request++;
            }
            if (request < batch.size()) {
                answers.set(request, Optional.of(new AppendResult(rows.getLong(2), rows.getLong(3))));
                next = request + 1;
            }
        }
    }

    private static boolean isLastOf(Append append, UUID eventId) {
        return append.events().get(append.events().size() - 1).eventId().equals(eventId);
    }

    private static void bind(PreparedStatement statement, List<PendingAppend> batch) throws SQLException {
        int events = batch.stream().mapToInt(p -> p.append().events().size()).sum();
        String[] types = new String[events];
        String[] ids = new String[events];
        Long[] expected = new Long[events];
        Long[] nths = new Long[events];
        List<NewEvent> all = new ArrayList<>(events);
        for (PendingAppend pending : batch) {
            Append append = pending.append();
            Long version =
                    append.expectedVersion() instanceof ExpectedVersion.Exactly exactly ? exactly.version() : null;
            long nth = 1;
            for (NewEvent event : append.events()) {
                int row = all.size();
                types[row] = append.aggregateId().type();
                ids[row] = append.aggregateId().id();
                expected[row] = version;
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
}
