package io.eda.store.postgres;

import io.eda.intervention.Intervention;
import io.eda.intervention.Intervention.Action;
import io.eda.intervention.Intervention.Site;
import io.eda.intervention.Interventions;
import io.eda.store.postgres.Connections.Session;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** Interventions in a table beside the checkpoints. Thread-safe. */
final class PostgresInterventions implements Interventions {

    private final Connections connections;
    private final String addSql;
    private final String findSql;

    PostgresInterventions(Connections connections, String schema) {
        this.connections = connections;
        this.addSql = SqlFile.read("statement/add_interventions.sql", schema);
        this.findSql = SqlFile.read("statement/interventions_of.sql", schema);
    }

    @Override
    public void note(List<Intervention> interventions) {
        connections.call("Noting " + interventions.size() + " interventions", session -> {
            try (PreparedStatement statement = session.prepare(addSql)) {
                statement.setArray(1, array(session, "timestamptz", interventions, Intervention::at));
                statement.setArray(2, array(session, "uuid", interventions, Intervention::eventId));
                statement.setArray(3, array(session, "text", interventions, Intervention::action));
                statement.setArray(4, array(session, "text", interventions, Intervention::site));
                statement.setArray(5, array(session, "text", interventions, Intervention::name));
                return statement.executeUpdate();
            }
        });
    }

    private static Array array(
            Session session, String type, List<Intervention> interventions, Function<Intervention, Object> column)
            throws SQLException {
        Object[] values =
                interventions.stream().map(one -> column.apply(one).toString()).toArray();
        return session.connection().createArrayOf(type, values);
    }

    @Override
    public List<Intervention> of(Collection<UUID> eventIds) {
        return connections.call("Reading the interventions of " + eventIds.size() + " events", session -> {
            try (PreparedStatement statement = session.prepare(findSql)) {
                statement.setArray(
                        1,
                        session.connection()
                                .createArrayOf(
                                        "uuid", eventIds.stream().distinct().toArray()));
                statement.setInt(2, MAX_FOUND);
                return found(statement);
            }
        });
    }

    private static List<Intervention> found(PreparedStatement statement) throws SQLException {
        List<Intervention> found = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                found.add(new Intervention(
                        rows.getObject(1, UUID.class),
                        Action.valueOf(rows.getString(2)),
                        Site.valueOf(rows.getString(3)),
                        rows.getString(4),
                        rows.getObject(5, OffsetDateTime.class).toInstant()));
            }
        }
        return found;
    }
}
