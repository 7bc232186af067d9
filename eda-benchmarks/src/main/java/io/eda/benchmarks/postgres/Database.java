package io.eda.benchmarks.postgres;

import java.sql.SQLException;

/** One database of the server; closing it drops it. */
final class Database implements AutoCloseable {

    private final String url;
    private final Connections server;
    private final String name;

    /** Stands for the database at {@code url}; {@code server} leads to another one of the same server. */
    Database(String url, Connections server) throws SQLException {
        this.url = url;
        this.server = server;
        this.name = connections().ask("select current_database()");
    }

    /** Returns a way to it that is closed for itself. */
    Connections connections() {
        return new Connections(url);
    }

    @Override
    public void close() throws SQLException {
        server.execute("drop database \"" + name + "\" with (force)");
    }
}
