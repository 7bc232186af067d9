package io.eda.benchmarks.postgres;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.jdbc.config.JournalConfig;
import org.apache.pekko.persistence.jdbc.db.SlickDatabase;
import org.apache.pekko.persistence.jdbc.db.SlickExtension;
import org.apache.pekko.persistence.jdbc.db.SlickExtensionImpl;
import org.apache.pekko.persistence.jdbc.journal.dao.DefaultJournalDao;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.stream.SystemMaterializer;

/** The journal of Pekko Persistence JDBC over a database of its own, put together as its plugin does, with all its defaults. */
final class PekkoJournal {

    private static final String JOURNAL = "jdbc-journal";
    private static final String READ_JOURNAL = "jdbc-read-journal";
    private static final String SCHEMA = "/schema/postgres/postgres-create-schema.sql";
    private static final long PATIENCE_SECONDS = 30;

    private PekkoJournal() {}

    /** Returns what the plugin writes through: one queue, for all who are to share batches. Its pool goes with the connections. */
    static DefaultJournalDao writer(Connections connections) {
        ActorSystem system = system(connections);
        Config settings = system.settings().config().getConfig(JOURNAL);
        SlickDatabase slick = ((SlickExtensionImpl) SlickExtension.get(system)).database(settings);
        // Closed first, as the plugin does when it stops.
        connections.closeLater(slick.database());
        return new DefaultJournalDao(
                slick.database(),
                slick.profile(),
                new JournalConfig(settings),
                SerializationExtension.get(system),
                system.dispatcher(),
                SystemMaterializer.get(system).materializer());
    }

    /** Starts an actor system that goes with the connections. */
    static ActorSystem system(Connections connections) {
        ActorSystem system = ActorSystem.create("bench", settings(connections.url()));
        connections.closeLater(() -> stop(system));
        return system;
    }

    /** Makes the tables that it publishes, statement by statement: an index that is made concurrently can be in no transaction. */
    static void createTables(Connections connections) throws SQLException {
        for (String statement : published().split(";", -1)) {
            if (!statement.isBlank()) {
                connections.execute(statement);
            }
        }
    }

    private static Config settings(String url) {
        Map<String, String> own = new HashMap<>();
        for (String plugin : List.of(JOURNAL, READ_JOURNAL)) {
            own.put(plugin + ".slick.profile", "slick.jdbc.PostgresProfile$");
            own.put(plugin + ".slick.db.url", url);
            own.put(plugin + ".slick.db.driver", "org.postgresql.Driver");
        }
        // It tells of its start and stop otherwise, between the figures.
        own.put("pekko.loglevel", "WARNING");
        own.put("pekko.stdout-loglevel", "WARNING");
        return ConfigFactory.parseMap(own).withFallback(ConfigFactory.load());
    }

    private static String published() {
        try (InputStream script = DefaultJournalDao.class.getResourceAsStream(SCHEMA)) {
            if (script == null) {
                throw new IllegalStateException("pekko-persistence-jdbc brings no " + SCHEMA
                        + ": look where its release keeps the tables for PostgreSQL");
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(SCHEMA + " could not be read", e);
        }
    }

    private static void stop(ActorSystem system) throws Exception {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
