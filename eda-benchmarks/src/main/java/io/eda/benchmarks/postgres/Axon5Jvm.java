package io.eda.benchmarks.postgres;

import io.eda.benchmarks.harness.ChildProcess;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where Axon Framework 5 runs: a JVM of its own, because its classes have the names of Axon 4's, and need Java 21. It lives for all
 * rounds, so that it is as warm as the others. {@code dev/bench} finds the JDK, compiles the code and names both by system properties.
 */
final class Axon5Jvm implements AutoCloseable {

    private static final String JAVA = "eda.bench.axon5.java";
    private static final String CLASS_PATH = "eda.bench.axon5.classPath";
    private static final String MISSING = "eda.bench.axon5.missing";
    private static final String MAIN = "io.eda.benchmarks.postgres.Axon5Main";

    private final Optional<ChildProcess> process;

    private Axon5Jvm(Optional<ChildProcess> process) {
        this.process = process;
    }

    /** Starts it with the heap of this JVM, or tells why it cannot be started. */
    static Axon5Jvm start(Consumer<String> told) throws IOException {
        String java = System.getProperty(JAVA, "");
        if (java.isEmpty()) {
            told.accept(Axon5Store.NAME + " is left out: " + System.getProperty(MISSING, "run it by dev/bench"));
            return new Axon5Jvm(Optional.empty());
        }
        long heap = Runtime.getRuntime().maxMemory() >> 20;
        return new Axon5Jvm(Optional.of(ChildProcess.start(List.of(
                java,
                "-Xms" + heap + "m",
                "-Xmx" + heap + "m",
                "-XX:+AlwaysPreTouch",
                "-cp",
                System.getProperty(CLASS_PATH, ""),
                MAIN))));
    }

    /** Returns the store in it, or nothing where it could not be started. */
    Optional<Axon5Store> store() {
        return process.map(Axon5Store::new);
    }

    @Override
    public void close() throws InterruptedException {
        if (process.isPresent()) {
            process.get().close();
        }
    }
}
