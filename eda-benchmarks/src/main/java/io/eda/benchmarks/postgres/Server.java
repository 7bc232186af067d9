package io.eda.benchmarks.postgres;

import io.eda.testkit.servers.PostgresServer;
import io.eda.testkit.servers.RealServers;
import java.sql.SQLException;

/** A PostgreSQL for one benchmark alone, with its own defaults: what was committed was flushed. */
final class Server implements AutoCloseable {

    private static final String DESCRIPTION =
            """
            select 'PostgreSQL ' || current_setting('server_version')
                || ', fsync ' || current_setting('fsync')
                || ', synchronous_commit ' || current_setting('synchronous_commit')
                || ', full_page_writes ' || current_setting('full_page_writes')
                || ', wal_sync_method ' || current_setting('wal_sync_method')
                || ', shared_buffers ' || current_setting('shared_buffers')
                || ', max_wal_size ' || current_setting('max_wal_size')
            """;

    private final PostgresServer server;
    private final Connections connections;

    private Server(PostgresServer server) {
        this.server = server;
        this.connections = new Connections(server.jdbcUrl());
    }

    static Server start() {
        return new Server(RealServers.dedicatedPostgres());
    }

    /** Returns the settings that decide about the figures, as the server tells them. */
    String description() throws SQLException {
        return connections.ask(DESCRIPTION);
    }

    /**
     * Makes an empty database. Whoever uses it begins behind a checkpoint, so that the full pages which PostgreSQL writes after
     * one are not the bad luck of some rounds.
     */
    Database freshDatabase() throws SQLException {
        Database database = new Database(server.freshDatabase(), connections);
        connections.execute("checkpoint");
        return database;
    }

    @Override
    public void close() {
        server.close();
    }
}
