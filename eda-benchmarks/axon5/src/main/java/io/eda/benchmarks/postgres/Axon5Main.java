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

    /** Takes apart what {@code Axon5Store} puts together: how many events an append has, and where the database is. */
    private static OpenSession open(String subject) throws Exception {
        String[] words = subject.split(" ", 2);
        int eventsPerAppend = Integer.parseInt(words[0]);
        return OpenSession.of(new Connections(words[1]), connections -> Axon5Engine.open(connections, eventsPerAppend));
    }
}
