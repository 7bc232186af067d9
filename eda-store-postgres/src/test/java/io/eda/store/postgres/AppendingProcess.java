package io.eda.store.postgres;

import com.zaxxer.hikari.HikariDataSource;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/** The main class of a JVM that appends at random, prints the id of each acknowledged event, and waits to be killed. */
final class AppendingProcess {

    private AppendingProcess() {}

    /** Runs until it is killed; its arguments are the URL of the database and the schema. */
    public static void main(String[] arguments) throws Exception {
        PostgresOptions options = PostgresOptions.defaults().withSchema(arguments[1]);
        try (HikariDataSource pool = TestDatabase.pool(arguments[0], 16);
                PostgresEventStorage storage = PostgresEventStorage.create(pool, options);
                RandomWriters writers = new RandomWriters(storage, pool, options).start(8, 2)) {
            while (writers.surprises().isEmpty()) {
                for (UUID id = writers.acknowledged().poll();
                        id != null;
                        id = writers.acknowledged().poll()) {
                    System.out.println(id);
                }
                LockSupport.parkNanos(1_000_000);
            }
            writers.surprises().forEach(System.out::println);
        }
    }
}
