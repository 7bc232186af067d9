package io.eda.benchmarks.postgres;

import io.eda.benchmarks.harness.Contender;

/** One way to append events to PostgreSQL. Each append goes to an aggregate that has no events yet. */
interface AppendSystem {

    String name();

    String settings();

    /** The table, and behind a dot the column, that holds the data of each event. */
    String payloadColumn();

    /** Makes its tables, connections and whatever it needs; each call of an operation is one append. */
    Callers open(Connections connections, int eventsPerAppend) throws Exception;

    /** Begins on tables of its own, which go with the session. */
    default OpenSession session(Server server, int eventsPerAppend) throws Exception {
        return OpenSession.onFreshDatabase(server, all -> open(all, eventsPerAppend));
    }

    /** Returns it under the load of this many callers. */
    default Contender contender(Server server, int callers, int eventsPerAppend) {
        return new Contender(name(), settings(), callers, () -> session(server, eventsPerAppend));
    }
}
