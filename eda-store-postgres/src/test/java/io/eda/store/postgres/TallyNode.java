package io.eda.store.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.eda.bus.EventBus;
import io.eda.outbox.OutboxRelay;
import io.eda.projection.FollowOptions;
import io.eda.projection.ProjectionRunner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A JVM that runs the tally, and a relay into a table: the main class of a node. Says "started", and "in page" when it handles the amount 666, which
 * takes it until the file of its last argument is there.
 */
final class TallyNode {

    private TallyNode() {}

    public static void main(String[] arguments) throws Exception {
        String url = arguments[0];
        String schema = arguments[1];
        int shards = Integer.parseInt(arguments[2]);
        Duration lease = Duration.ofMillis(Long.parseLong(arguments[3]));
        Path goOn = Path.of(arguments[4]);
        PostgresOptions options = PostgresOptions.defaults().withSchema(schema);
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(10);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(5_000);
        // The database may be away when a node starts.
        config.setInitializationFailTimeout(30_000);
        HikariDataSource pool = new HikariDataSource(config);
        var storage = PostgresEventStorage.create(pool, options);
        var checkpoints = PostgresCheckpointStore.create(pool, options);
        var followed =
                FollowOptions.defaults().withShards(shards).withLease(lease).withPageSize(50);
        var projection = Tally.projection(schema, (event, context) -> {
            if (event.data().amount() == 666) {
                System.out.println("in page");
                while (!Files.exists(goOn)) {
                    LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
                }
            }
        });
        ProjectionRunner.of(projection, Tally.store(storage), checkpoints, followed)
                .start();
        EventBus bus = new EventBus(new TableTransport(pool, schema), Tally.JSON);
        OutboxRelay.builder("relay", storage, checkpoints, bus)
                .options(followed)
                .start();
        System.out.println("started");
        // Ends with the JVM that started it, however that one ends.
        while (System.in.read() >= 0) {
            System.out.println("running");
        }
        Runtime.getRuntime().halt(0);
    }
}
