package io.eda.store.postgres;

import io.eda.store.postgres.PostgresEventStorage.OpenWriter;
import io.eda.store.postgres.VisiblePosition.Hold;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks who holds readers back, and says so in the log where it takes long. Thread-safe. */
final class OpenWriters {

    private static final Logger log = LoggerFactory.getLogger(OpenWriters.class);

    private static final Duration LONG = Duration.ofSeconds(5);
    private static final Duration BETWEEN_WARNINGS = Duration.ofSeconds(30);

    private final Connections connections;
    private final String schema;
    private final String writersSql;
    private final AtomicLong nextWarning = new AtomicLong(System.nanoTime());

    OpenWriters(Connections connections, PostgresOptions options) {
        this.connections = connections;
        this.schema = options.schema();
        this.writersSql = SqlFile.read("statement/writers.sql", options.schema());
    }

    List<OpenWriter> list() {
        return connections.call("Asking who writes to the event table", session -> {
            try (PreparedStatement statement = session.prepare(writersSql);
                    ResultSet rows = statement.executeQuery()) {
                List<OpenWriter> writers = new ArrayList<>();
                while (rows.next()) {
                    writers.add(writer(rows));
                }
                return writers;
            }
        });
    }

    private static OpenWriter writer(ResultSet row) throws SQLException {
        return new OpenWriter(
                row.getString(1),
                row.getInt(2),
                Duration.ofMillis(row.getLong(3)),
                row.getString(4),
                row.getString(5),
                row.getString(6));
    }

    /** Names the writers in the log where they have held readers back for long, now and then. */
    void warnAbout(Hold hold) {
        long now = System.nanoTime();
        long next = nextWarning.get();
        if (hold.age().compareTo(LONG) >= 0
                && now - next >= 0
                && nextWarning.compareAndSet(next, now + BETWEEN_WARNINGS.toNanos())) {
            log.atWarn()
                    .addKeyValue("schema", schema)
                    .addKeyValue("position", hold.safe())
                    .log(
                            "Readers have stood at position {} for {} s, behind the last event at {}, because of {}. End these"
                                    + " transactions; none is given up on.",
                            hold.safe(),
                            hold.age().toSeconds(),
                            hold.committed(),
                            list());
        }
    }
}
