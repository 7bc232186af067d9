package io.eda.samples.orders.sql;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Asks and changes tables.
 *
 * @param source where connections come from
 */
public record Database(DataSource source) {

    // Any number will do, as long as every program that creates these tables takes the same.
    private static final long CREATION_LOCK = 0x0e_da_5a_3b_1e_00L;

    /** Creates what the SQL files beside {@code owner} say, which must be repeatable, in one transaction. */
    public void create(Class<?> owner, String... files) {
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                // Two programs that start at once would both find no table: "if not exists" alone does not survive
                // that.
                statement.execute("select pg_advisory_xact_lock(" + CREATION_LOCK + ")");
                for (String file : files) {
                    statement.execute(text(owner, file));
                }
            }
            connection.commit();
        } catch (SQLException e) {
            throw failed("create " + List.of(files), e);
        }
    }

    /** Returns the rows that {@code sql} finds. */
    public <T> List<T> query(String sql, Row<T> row, @Nullable Object... parameters) {
        try (Connection connection = source.getConnection();
                PreparedStatement statement = prepare(connection, sql, parameters);
                ResultSet found = statement.executeQuery()) {
            List<T> rows = new ArrayList<>();
            while (found.next()) {
                rows.add(row.read(found));
            }
            return rows;
        } catch (SQLException e) {
            throw failed(sql, e);
        }
    }

    /** Does what {@code sql} says in a transaction of its own. */
    public void update(String sql, @Nullable Object... parameters) {
        try (Connection connection = source.getConnection()) {
            update(connection, sql, parameters);
        } catch (SQLException e) {
            throw failed(sql, e);
        }
    }

    /** Does what {@code sql} says in the transaction of {@code connection}. */
    public static void update(Connection connection, String sql, @Nullable Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(connection, sql, parameters)) {
            statement.executeUpdate();
        }
    }

    private static PreparedStatement prepare(Connection connection, String sql, @Nullable Object... parameters)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }

    private static String text(Class<?> owner, String file) {
        try (InputStream in = owner.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("There is no " + file + " beside " + owner.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static IllegalStateException failed(String what, SQLException e) {
        return new IllegalStateException("The database could not " + what + ": " + e.getMessage(), e);
    }

    /**
     * Makes an object of a row.
     *
     * @param <T> the object's type
     */
    @FunctionalInterface
    public interface Row<T> {

        /** Reads the row at hand. */
        T read(ResultSet row) throws SQLException;
    }
}
