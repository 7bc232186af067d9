package io.eda.samples.orders.demo;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.eda.samples.orders.sql.Database;
import io.eda.store.postgres.PostgresOptions;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** Where the demo keeps its orders: a PostgreSQL of its own in a folder, or the one that somebody names. */
final class DemoDatabase {

    /** A database, and how the store is to use it. */
    record Opened(DataSource dataSource, PostgresOptions options) {}

    private static final int CONNECTIONS = 20;

    private final Path home;
    private final Map<String, String> environment;
    private final Optional<String> given;
    private final Resources resources;

    /** Opens databases that {@code resources} closes. */
    DemoDatabase(Path home, Map<String, String> environment, Resources resources) {
        this.home = home;
        this.environment = environment;
        this.given = Optional.ofNullable(environment.get("EDA_POSTGRES_URL"));
        this.resources = resources;
    }

    /** Returns the database that stays: the given one, or the one in {@code folder}. */
    Opened kept(Path folder) throws Exception {
        if (given.isPresent()) {
            return new Opened(pool(given.get()), PostgresOptions.defaults());
        }
        Optional<FolderLock> lock = FolderLock.take(folder);
        if (lock.isEmpty()) {
            throw new DemoException("another demo is using " + folder + ": stop it, or choose a folder with --data");
        }
        resources.add(lock.get());
        String url = resources.add(LocalPostgres.start(home, folder)).url();
        return new Opened(pool(url), PostgresOptions.defaults());
    }

    /** Returns an empty database that is gone when the demo ends. */
    Opened fresh() throws Exception {
        if (given.isPresent()) {
            return freshSchema(given.get());
        }
        removeLeftovers();
        Path folder = home.resolve("once-" + UUID.randomUUID());
        resources.add(() -> Folders.delete(folder));
        return kept(folder);
    }

    private Opened freshSchema(String url) {
        String schema = "once_" + UUID.randomUUID().toString().replace('-', '_');
        Database database = new Database(pool(url));
        database.update("create schema " + schema);
        resources.add(() -> database.update("drop schema " + schema + " cascade"));
        // Read models follow the connection's schema, the store the options': both are the same here.
        DataSource pool = pool(url + (url.contains("?") ? "&" : "?") + "currentSchema=" + schema);
        return new Opened(pool, PostgresOptions.defaults().withSchema(schema));
    }

    /** A run that was killed could not clean up behind itself. */
    private void removeLeftovers() throws Exception {
        Files.createDirectories(home);
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(home, "once-*")) {
            for (Path leftover : leftovers) {
                Optional<FolderLock> lock = FolderLock.take(leftover);
                if (lock.isPresent()) {
                    LocalPostgres.stopFormer(leftover.toAbsolutePath());
                    Folders.delete(leftover);
                    lock.get().close();
                }
            }
        }
    }

    private DataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(CONNECTIONS);
        if (given.isPresent()) {
            Optional.ofNullable(environment.get("EDA_POSTGRES_USER")).ifPresent(config::setUsername);
            Optional.ofNullable(environment.get("EDA_POSTGRES_PASSWORD")).ifPresent(config::setPassword);
        }
        try {
            return resources.add(new HikariDataSource(config));
        } catch (RuntimeException e) {
            throw new DemoException("the database does not answer: " + e.getMessage(), e);
        }
    }
}
