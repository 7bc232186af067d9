package io.eda.store.postgres;

import io.eda.projection.Lease;
import io.eda.projection.ShardLeases;
import io.eda.projection.ShardPosition;
import io.eda.projection.ShardTable;
import io.eda.store.postgres.Connections.Session;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Leases on the server's clock, beside the checkpoints that their epochs guard. Thread-safe. */
final class PostgresShardLeases implements ShardLeases {

    private final Connections connections;
    private final String schema;

    PostgresShardLeases(Connections connections, String schema) {
        this.connections = connections;
        this.schema = schema;
    }

    @Override
    public void arrange(String name, int shards) {
        String attempt = "Cutting '" + name + "' into " + shards + " shards";
        // Without a lock, which an owner in the middle of a page holds: mostly the cut is right already.
        if (connections.call(attempt, session -> count(session, name)) == shards) {
            return;
        }
        inTransaction(attempt, session -> {
            // Of two who begin at once, the second finds the row of the first, and locks it.
            update(session, "begin_checkpoint", name, 0L);
            List<ShardRow> before;
            try (PreparedStatement statement = prepare(session, "lock_shards", name)) {
                before = ShardRow.all(statement);
            }
            if (before.size() != shards) {
                cut(session, name, before, shards);
            }
            return shards;
        });
    }

    private long count(Session session, String name) throws SQLException {
        try (PreparedStatement statement = prepare(session, "count_shards", name);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private void cut(Session session, String name, List<ShardRow> before, int shards) throws SQLException {
        long epoch = before.stream().mapToLong(ShardRow::epoch).max().orElse(0) + 1;
        update(session, "delete_shards", name, name);
        List<ShardPosition> positions = before.stream().map(ShardRow::position).toList();
        for (ShardPosition shard : ShardPosition.cut(positions, shards)) {
            try (PreparedStatement statement =
                    prepare(session, "insert_shard", name, shard.shard(), shard.shards(), shard.position())) {
                statement.setArray(
                        5,
                        shard.floors().isEmpty()
                                ? null
                                : session.connection()
                                        .createArrayOf("bigint", shard.floors().toArray()));
                statement.setLong(6, epoch);
                statement.executeUpdate();
            }
        }
    }

    @Override
    public ShardTable beat(String name, String owner, Duration time) {
        return connections.call("Renewing the leases of '" + name + "'", session -> {
            try (PreparedStatement statement = prepare(session, "beat", name, owner, time.toMillis());
                    ResultSet rows = statement.executeQuery()) {
                int members = 1;
                List<ShardTable.Shard> shards = new ArrayList<>();
                while (rows.next()) {
                    members = rows.getInt(1);
                    shards.add(new ShardTable.Shard(
                            rows.getInt(2), rows.getLong(3), rows.getString(4), rows.getBoolean(5), rows.getLong(6)));
                }
                return new ShardTable(members, shards);
            }
        });
    }

    @Override
    public Optional<Lease> acquire(String name, int shard, String owner, Duration time) {
        return inTransaction("Taking shard " + shard + " of '" + name + "'", session -> {
            if (shard == 0) {
                update(session, "begin_checkpoint", name, 0L);
            }
            if (update(session, "take_lease", name, shard, owner, time.toMillis()) == 0) {
                return Optional.empty();
            }
            try (PreparedStatement statement = prepare(session, "end_work", workKey(schema, name, shard))) {
                statement.execute();
            }
            try (PreparedStatement statement = prepare(session, "next_epoch", name, shard)) {
                Optional<ShardRow> row = ShardRow.one(statement);
                if (row.isEmpty()) {
                    // The cut has no such shard, so nobody has its lease either.
                    session.connection().rollback();
                }
                return row.map(taken -> new Lease(name, owner, taken.epoch(), taken.position()));
            }
        });
    }

    @Override
    public Optional<ShardPosition> position(Lease lease) {
        return connections.call("Reading the checkpoint of '" + lease.name() + "'", session -> {
            try (PreparedStatement statement = prepare(session, "read_shard", lease.name(), lease.shard())) {
                return ShardRow.one(statement)
                        .filter(row -> row.epoch() == lease.epoch())
                        .map(ShardRow::position);
            }
        });
    }

    @Override
    public void release(Lease lease) {
        connections.call(
                "Giving back shard " + lease.shard() + " of '" + lease.name() + "'",
                session -> update(session, "release_lease", lease.name(), lease.shard(), lease.owner(), lease.epoch()));
    }

    @Override
    public void leave(String name, String owner) {
        connections.call("Leaving '" + name + "'", session -> update(session, "leave_members", name, owner));
    }

    /** Returns what stands for the work under a shard's lease among the server's advisory locks. */
    static String workKey(String schema, String name, int shard) {
        return schema + ' ' + shard + ' ' + name;
    }

    private <T> T inTransaction(String attempt, Connections.Task<T> task) {
        try (CheckpointTransaction transaction = CheckpointTransaction.begin(connections, attempt)) {
            T result = transaction.run(task);
            transaction.commit();
            return result;
        } catch (SQLException e) {
            throw Connections.failure(attempt, e);
        }
    }

    private int update(Session session, String file, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(session, file, parameters)) {
            return statement.executeUpdate();
        }
    }

    private PreparedStatement prepare(Session session, String file, Object... parameters) throws SQLException {
        PreparedStatement statement = session.prepare(SqlFile.read("statement/" + file + ".sql", schema));
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }
}
