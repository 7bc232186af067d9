package io.eda.benchmarks.postgres;

import io.eda.benchmarks.harness.Stopwatch;

/** Looks into the tables before anything is compared: every system stores the same bytes of data for an event. */
final class SameBytes {

    private SameBytes() {}

    /** Has the system append once, and tells what is in its table. Fails where it is not what the others store. */
    static String check(Server server, AppendSystem system, int eventsPerAppend) throws Exception {
        try (OpenSession session = system.session(server, eventsPerAppend)) {
            int events = session.caller(0).run(new Stopwatch());
            String[] path = system.payloadColumn().split("\\.(?=[^.]+$)", -1);
            String found = session.connections().ask(stored(path[0], path[1]));
            int size = SampleEvents.PAYLOAD_BYTES;
            String wanted = events + " rows, " + size + " to " + size + " bytes, bytea";
            if (!found.equals(wanted)) {
                throw new IllegalStateException("'" + system.name() + "' stores something else than the others: "
                        + system.payloadColumn() + " has " + found + ", not " + wanted
                        + ". A comparison would be worthless: make them store the same");
            }
            return size + " bytes of data an event, in " + system.payloadColumn() + ", a bytea";
        }
    }

    private static String stored(String table, String column) {
        return "select count(*) || ' rows, ' || min(octet_length(" + column + ")) || ' to ' || max(octet_length("
                + column + ")) || ' bytes, ' || min(pg_typeof(" + column + ")::text) from " + table;
    }
}
