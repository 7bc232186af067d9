package io.eda.store.postgres;

import io.eda.projection.ShardPosition;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A row of {@code checkpoints}.
 *
 * @param position where the shard stands
 * @param epoch the number of its ownership
 */
record ShardRow(ShardPosition position, long epoch) {

    /** Reads all rows of a statement that selects shard, shards, position, floors and epoch. */
    static List<ShardRow> all(PreparedStatement statement) throws SQLException {
        List<ShardRow> found = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                Array floors = rows.getArray(4);
                found.add(new ShardRow(
                        new ShardPosition(
                                rows.getInt(1),
                                rows.getInt(2),
                                rows.getLong(3),
                                floors == null ? List.of() : List.of((Long[]) floors.getArray())),
                        rows.getLong(5)));
            }
        }
        return found;
    }

    /** Reads the only row, if there is one. */
    static Optional<ShardRow> one(PreparedStatement statement) throws SQLException {
        return all(statement).stream().findFirst();
    }
}
