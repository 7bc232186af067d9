package io.eda.benchmarks.projections;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;

/**
 * What one writes by hand: read behind the last position, decode, upsert in a JDBC batch, move the position, commit. It knows
 * nothing of late commits, of other nodes, or of events that fail. For one thread.
 */
final class HandWritten implements AutoCloseable {

    private static final String READ =
            "select position, aggregate_id, data from eda.events where position > ? order by position limit ?";
    private static final long PAUSE_NANOS = 200_000;

    private final Connection connection;
    private final PreparedStatement read;
    private final PreparedStatement upsert;
    private final PreparedStatement move;
    private final int batch;
    private volatile long position;

    HandWritten(HikariDataSource pool, int batch) throws SQLException {
        this.batch = batch;
        this.connection = pool.getConnection();
        connection.setAutoCommit(false);
        this.read = connection.prepareStatement(READ);
        this.upsert = connection.prepareStatement(Stage.UPSERT);
        this.move = connection.prepareStatement("update hand_written set position = ?");
    }

    /** Projects the next batch and returns how many events it had. */
    int next() throws SQLException {
        read.setLong(1, position);
        read.setInt(2, batch);
        int count = 0;
        long last = position;
        try (ResultSet rows = read.executeQuery()) {
            while (rows.next()) {
                last = rows.getLong(1);
                upsert.setString(1, rows.getString(2));
                upsert.setLong(2, OrderPlaced.decode(rows.getBytes(3)).totalCents());
                upsert.addBatch();
                count++;
            }
        }
        if (count > 0) {
            upsert.executeBatch();
            move.setLong(1, last);
            move.executeUpdate();
        }
        connection.commit();
        position = last;
        return count;
    }

    /** Projects until it is interrupted. */
    void follow() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                if (next() == 0) {
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("The hand-written loop ended", e);
        }
    }

    void startAt(long start) {
        position = start;
    }

    long position() {
        return position;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
