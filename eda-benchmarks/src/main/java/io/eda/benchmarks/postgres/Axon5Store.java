package io.eda.benchmarks.postgres;

import io.eda.benchmarks.harness.ChildProcess;
import io.eda.benchmarks.harness.Contender;
import io.eda.benchmarks.harness.RemoteSession;

/** Axon Framework 5.0.1 on its JPA engine, as another JVM runs it over databases of this one's server. */
record Axon5Store(ChildProcess jvm) implements AppendSystem {

    static final String NAME = "axon-5.0-jpa";

    /** How many connections its pool has. */
    static final int CONNECTIONS = 64;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String settings() {
        return "AggregateBasedJpaEventStorageEngine 5.0.1 on Hibernate 7.1 and a JVM of its own, on JDK 21 or newer; tables and sequence"
                + " made by Hibernate, payload and metadata bytea by a dialect, a transaction an append, pool of "
                + CONNECTIONS
                + " with autocommit off, pass-through converter, ids in the order of time";
    }

    /** In quotes, as its tables are: the name of its sequence has hyphens, and Hibernate quotes all names or none. */
    @Override
    public String payloadColumn() {
        return "\"AggregateEventEntry\".payload";
    }

    @Override
    public Callers open(Connections connections, int eventsPerAppend) {
        RemoteSession session = remote(connections.url(), eventsPerAppend, () -> {});
        return () -> session.caller(0);
    }

    @Override
    public Contender contender(Server server, int callers, int eventsPerAppend) {
        return new Contender(name(), settings(), callers, () -> {
            Database database = server.freshDatabase();
            return remote(database.connections().url(), eventsPerAppend, database);
        });
    }

    /** The subject is what {@code Axon5Main} takes apart. */
    private RemoteSession remote(String url, int eventsPerAppend, AutoCloseable after) {
        return new RemoteSession(jvm, eventsPerAppend + " " + url, after);
    }
}
