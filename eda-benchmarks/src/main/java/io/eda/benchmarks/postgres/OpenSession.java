package io.eda.benchmarks.postgres;

import io.eda.benchmarks.harness.Operation;
import io.eda.benchmarks.harness.Session;

/** A session whose resources are all closed with its connections. */
record OpenSession(Connections connections, Callers callers) implements Session {

    /** Closes what {@code opening} has made so far where it fails. */
    static OpenSession of(Connections connections, Opening opening) throws Exception {
        try {
            return new OpenSession(connections, opening.open(connections));
        } catch (Exception | Error e) {
            connections.close();
            throw e;
        }
    }

    /** Opens one on an empty database, which is dropped with it. */
    static OpenSession onFreshDatabase(Server server, Opening opening) throws Exception {
        Database database = server.freshDatabase();
        Connections connections = database.connections();
        connections.closeLater(database);
        return of(connections, opening);
    }

    /** Prepares what the callers need. */
    @FunctionalInterface
    interface Opening {
        Callers open(Connections connections) throws Exception;
    }

    @Override
    public Operation caller(int index) throws Exception {
        return callers.next();
    }

    @Override
    public void close() throws Exception {
        connections.close();
    }
}
