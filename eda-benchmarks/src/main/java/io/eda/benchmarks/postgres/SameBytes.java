package io.eda.benchmarks.postgres;

import io.eda.benchmarks.harness.Stopwatch;
import java.util.Locale;

/** Looks into the tables before anything is compared: every system stores the same bytes of data for an event. */
final class SameBytes {

    private static final String STORED =
            """
            select format('%%s rows, %%s to %%s bytes, %%s', count(*), min(octet_length(%1$s)), max(octet_length(%1$s)),
                min(pg_typeof(%1$s)::text)) from %2$s""";

    private SameBytes() {}

    /** Has the system append once, and tells what is in its table. Fails where it is not what the others store. */
    static String check(Server server, AppendSystem system, int eventsPerAppend) throws Exception {
        try (OpenSession session = system.session(server, eventsPerAppend)) {
            int events = session.caller(0).run(new Stopwatch());
            String[] path = system.payloadColumn().split("\\.(?=[^.]+$)", -1);
            String found = session.connections().ask(String.format(Locale.ROOT, STORED, path[1], path[0]));
            int size = SampleEvents.PAYLOAD_BYTES;
            String wanted = events + " rows, " + size + " to " + size + " bytes, bytea";
            if (!found.equals(wanted)) {
                throw new IllegalStateException("'" + system.name() + "' stores something else than the others: "
                        + system.payloadColumn() + " has " + found + ", not " + wanted
                        + ". A comparison would be worthless: make them store the same");
            }
            return system.payloadColumn() + ": " + size + " bytes an event, bytea";
        }
    }
}
