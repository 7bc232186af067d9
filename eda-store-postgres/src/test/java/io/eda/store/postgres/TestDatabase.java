package io.eda.store.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.eda.testkit.servers.RealServers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The shared server of these tests, through one pool; tests keep apart by fresh schemas. */
final class TestDatabase {

    private TestDatabase() {}

    /** Started by the first test that wants it, and by no program that has a server of its own. */
    private static final class Shared {
        private static final DataSource POOL = pool(RealServers.postgres().jdbcUrl(), 60);
    }

    static DataSource dataSource() {
        return Shared.POOL;
    }

    static PostgresOptions freshSchema() {
        return PostgresOptions.defaults()
                .withSchema(
                        "test_" + UUID.randomUUID().toString().replace("-", "").substring(0, 16));
    }

    static HikariDataSource pool(String url, int size) {
        return pool(url, size, config -> {});
    }

    static HikariDataSource pool(String url, int size, Consumer<HikariConfig> change) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(5_000);
        change.accept(config);
        return new HikariDataSource(config);
    }

    static PGSimpleDataSource unpooled(String url) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(url);
        return dataSource;
    }

    static void execute(DataSource dataSource, String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static String query(DataSource dataSource, String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : "nothing";
        }
    }
}
