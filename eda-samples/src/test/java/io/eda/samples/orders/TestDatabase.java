package io.eda.samples.orders;

import com.zaxxer.hikari.HikariDataSource;
import io.eda.testkit.servers.RealServers;

/** A real, empty database for one test. */
public final class TestDatabase {

    private TestDatabase() {}

    /** Opens one; close it in the end. */
    public static HikariDataSource open() {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(RealServers.postgres().freshDatabase());
        pool.setMaximumPoolSize(20);
        return pool;
    }
}
