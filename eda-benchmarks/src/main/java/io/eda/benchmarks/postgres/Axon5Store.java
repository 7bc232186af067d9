package io.eda.benchmarks.postgres;

import io.eda.benchmarks.harness.ChildProcess;
import io.eda.benchmarks.harness.Contender;
import io.eda.benchmarks.harness.RemoteSession;

/** Axon Framework 5.0.1 on its JPA engine, as another JVM runs it over databases of this one's server. */
record Axon5Store(ChildProcess jvm) implements AppendSystem {

    static final String NAME = "axon-5.0-jpa";

    /** How many connections its pool has when it appends. */
    static final int CONNECTIONS = 64;

    static final String APPEND = "append";
    static final String READ_ALL = "all";
    static final String READ_AGGREGATES = "aggregates";

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
        RemoteSession session = remote(APPEND, eventsPerAppend, connections.url(), () -> {});
        return () -> session.caller(0);
    }

    @Override
    public Contender contender(Server server, int callers, int eventsPerAppend) {
        return new Contender(name(), settings(), callers, () -> {
            Database database = server.freshDatabase();
            return remote(APPEND, eventsPerAppend, database.connections().url(), database);
        });
    }

    /** Returns it reading everything in order, from a copy that it makes of what the database has. */
    Contender allReads(Database database, int pageSize) {
        String url = database.connections().url();
        return new Contender(
                NAME,
                "AggregateBasedJpaEventStorageEngine.stream with its defaults, in a JVM of its own, to messages with their payloads",
                1,
                () -> remote(READ_ALL, pageSize, url, () -> {}));
    }

    /** Returns it reading one aggregate a call, from that copy. */
    Contender aggregateReads(Database database, int callers) {
        String url = database.connections().url();
        return new Contender(
                NAME,
                "AggregateBasedJpaEventStorageEngine.source with its defaults, in a JVM of its own, over a pool of "
                        + callers,
                callers,
                () -> remote(READ_AGGREGATES, callers, url, () -> {}));
    }

    /** The subject is what {@code Axon5Main} takes apart. */
    private RemoteSession remote(String what, int count, String url, AutoCloseable after) {
        return new RemoteSession(jvm, what + " " + count + " " + url, after);
    }
}
