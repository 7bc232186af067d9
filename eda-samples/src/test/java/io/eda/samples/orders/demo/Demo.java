package io.eda.samples.orders.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The demo as a program of its own, which can be killed. */
record Demo(Process process, Path output) implements AutoCloseable {

    private static final long TIMEOUT_SECONDS = 120;

    static Demo start(Path home, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Deda.demo.home=" + home,
                "-Dlogback.configurationFile=logback.xml",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(Files.createDirectories(home), "output", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        // The test is about the database that the demo brings.
        builder.environment().remove("EDA_POSTGRES_URL");
        return new Demo(builder.start(), output);
    }

    OutputStream input() {
        return process.getOutputStream();
    }

    String text() throws IOException {
        return Files.readString(output);
    }

    int awaitEnd() throws InterruptedException, IOException {
        if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("The demo does not end; so far it said: " + text());
        }
        return process.exitValue();
    }

    /** As kill -9 does. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** As Ctrl-C does. */
    void interrupt() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }

    /** Ends it well: its database must be down before the test's folder goes away. */
    @Override
    public void close() throws InterruptedException {
        if (process.isAlive()) {
            interrupt();
        }
    }
}
