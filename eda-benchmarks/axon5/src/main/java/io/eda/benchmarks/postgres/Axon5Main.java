package io.eda.benchmarks.postgres;

import io.eda.benchmarks.harness.RoundServer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** Runs rounds of Axon 5 that it is asked for on standard input. Begin here, then {@code Axon5Engine}. */
public final class Axon5Main {

    private Axon5Main() {}

    /** Serves until its input ends. */
    public static void main(String[] arguments) throws Exception {
        new RoundServer(Axon5Main::open)
                .serve(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)), System.out);
    }

    /** Takes apart what {@code Axon5Store} puts together: what to do, how many at once, and where the database is. */
    private static OpenSession open(String subject) throws Exception {
        String[] words = subject.split(" ", 3);
        int count = Integer.parseInt(words[1]);
        return OpenSession.of(new Connections(words[2]), connections -> switch (words[0]) {
            case Axon5Store.APPEND -> Axon5Engine.open(connections, count);
            case Axon5Store.READ_ALL -> Axon5Reads.all(connections, count);
            case Axon5Store.READ_AGGREGATES -> Axon5Reads.aggregates(connections, count);
            default -> throw new IllegalArgumentException("'" + subject + "' is nothing that Axon 5 is measured with");
        });
    }
}
