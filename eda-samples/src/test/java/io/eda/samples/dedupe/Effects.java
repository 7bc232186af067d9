package io.eda.samples.dedupe;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;

/** Reads the effects where they took place. */
record Effects(Stage stage, DataSource database) {

    /** How many events were written to PostgreSQL. */
    long written() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("select count(distinct event_id) from " + stage.mark() + ".effects")) {
            row.next();
            return row.getLong(1);
        }
    }

    /** How often each event was written to PostgreSQL. */
    Map<UUID, Long> inbox() throws SQLException {
        Map<UUID, Long> effects = new HashMap<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select event_id, count(*) from " + stage.mark() + ".effects group by event_id")) {
            while (rows.next()) {
                effects.put(rows.getObject(1, UUID.class), rows.getLong(2));
            }
            return effects;
        }
    }

    /** Which attempts have counted each of these events in Redis; events without any are left out. */
    Map<UUID, List<String>> redis(Set<UUID> events) {
        Map<UUID, List<String>> effects = new HashMap<>();
        try (RedisClient client = RedisClient.create(stage.redis());
                StatefulRedisConnection<String, String> connection = client.connect()) {
            for (UUID event : events) {
                List<String> attempts = connection.sync().lrange(stage.effectKey(event), 0, -1);
                if (!attempts.isEmpty()) {
                    effects.put(event, attempts);
                }
            }
        }
        return effects;
    }
}
