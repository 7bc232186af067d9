package io.eda.store.postgres;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a projection into PostgreSQL writes with: the open transaction that also moves its checkpoint.
 *
 * <ul>
 *   <li>{@link #execute} collects statements and sends them together. All take effect in the order of their calls: neighbours of
 *       the same text go in one round trip, however many they are, and twelve of changing texts do.
 *   <li>{@link #executeForRow} collects across other statements as well: those for one row keep their order, those for
 *       different rows may be exchanged, so that statements of a few texts go in as many round trips as there are texts, however the
 *       events mix.
 *   <li>{@link #connection} sends what was collected, and gives the connection for whatever else there is to do: queries,
 *       {@code COPY}, savepoints.
 * </ul>
 *
 * <p>An error of a collected statement comes when it is sent, which may be in the call of a later event; the projection
 * finds the event that it belongs to. Valid within the work that it was handed to, from its thread.
 */
public final class PostgresContext {

    // Bounds the memory of a page whose handlers write much, and what the driver has under way.
    private static final int MAX_COLLECTED = 2_000;

    // Statements of different texts go as one text, which the driver pipelines. The server plans an unknown text
    // anew, so longer ones cost more than the round trips that they save; twelve is a whole number of handlers that
    // write two, three or four statements, whose texts come again and stay prepared.
    private static final int MAX_JOINED = 12;
    private static final int MAX_ROWS_TO_JOIN = 3;

    private final Connection connection;
    private final Connection guarded;
    private final List<Group> groups = new ArrayList<>();
    private final Map<Object, Integer> groupOfRow = new HashMap<>();
    private int firstGroupForRows;
    private int collected;

    PostgresContext(Connection connection) {
        this.connection = connection;
        this.guarded = WorkConnection.of(connection);
    }

    /**
     * Executes an insert, update or delete, soon; see above.
     *
     * @param sql its text, with a {@code ?} for each parameter; use few different texts
     * @param parameters the values, as {@code PreparedStatement.setObject} takes them
     */
    public void execute(String sql, @Nullable Object... parameters) throws SQLException {
        if (groups.isEmpty() || !groups.get(groups.size() - 1).sql.equals(sql)) {
            groups.add(new Group(sql));
        }
        // Whatever comes later for any row stays behind this one.
        firstGroupForRows = groups.size() - 1;
        add(groups.size() - 1, parameters);
    }

    /**
     * Executes an insert, update or delete that concerns one row, or a few that belong together, soon; see above.
     *
     * @param row what tells it apart from other rows, in all tables of the projection: its key, usually
     * @param sql its text, with a {@code ?} for each parameter; use few different texts
     * @param parameters the values, as {@code PreparedStatement.setObject} takes them
     */
    public void executeForRow(Object row, String sql, @Nullable Object... parameters) throws SQLException {
        int group = Math.max(firstGroupForRows, groupOfRow.getOrDefault(row, 0));
        while (group < groups.size() && !groups.get(group).sql.equals(sql)) {
            group++;
        }
        if (group == groups.size()) {
            groups.add(new Group(sql));
        }
        groupOfRow.put(row, group);
        add(group, parameters);
    }

    /** Sends what was collected, and returns the connection; it refuses to end the transaction. */
    public Connection connection() throws SQLException {
        flush();
        return guarded;
    }

    private void add(int group, @Nullable Object[] parameters) throws SQLException {
        groups.get(group).rows.add(parameters.clone());
        if (++collected >= MAX_COLLECTED) {
            flush();
        }
    }

    /** Sends what was collected. */
    void flush() throws SQLException {
        try {
            List<Group> small = new ArrayList<>();
            for (Group group : groups) {
                if (group.rows.size() > MAX_ROWS_TO_JOIN || rowsOf(small) + group.rows.size() > MAX_JOINED) {
                    send(small);
                    small.clear();
                }
                small.add(group);
                if (group.rows.size() > MAX_ROWS_TO_JOIN) {
                    send(small);
                    small.clear();
                }
            }
            send(small);
        } finally {
            groups.clear();
            groupOfRow.clear();
            firstGroupForRows = 0;
            collected = 0;
        }
    }

    private static int rowsOf(List<Group> some) {
        return some.stream().mapToInt(group -> group.rows.size()).sum();
    }

    /** Sends groups in their order, in one round trip. */
    private void send(List<Group> together) throws SQLException {
        if (together.size() == 1) {
            send(together.get(0));
        } else if (!together.isEmpty()) {
            join(together);
        }
    }

    private void join(List<Group> together) throws SQLException {
        StringBuilder text = new StringBuilder();
        for (Group group : together) {
            // A text may end in a comment.
            text.append((group.sql + "\n;\n").repeat(group.rows.size()));
        }
        try (PreparedStatement statement = connection.prepareStatement(text.toString())) {
            int next = 1;
            for (Group group : together) {
                for (@Nullable Object[] parameters : group.rows) {
                    for (@Nullable Object parameter : parameters) {
                        statement.setObject(next++, parameter);
                    }
                }
            }
            statement.execute();
        }
    }

    private void send(Group group) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(group.sql)) {
            for (@Nullable Object[] parameters : group.rows) {
                for (int i = 0; i < parameters.length; i++) {
                    statement.setObject(i + 1, parameters[i]);
                }
                statement.addBatch();
            }
            statement.executeBatch();
        } catch (BatchUpdateException e) {
            // Its text holds the values of the row; the server's own error says what is wrong with them.
            throw e.getNextException() == null ? e : e.getNextException();
        }
    }

    private static final class Group {
        private final String sql;
        private final List<@Nullable Object[]> rows = new ArrayList<>();

        private Group(String sql) {
            this.sql = sql;
        }
    }
}
