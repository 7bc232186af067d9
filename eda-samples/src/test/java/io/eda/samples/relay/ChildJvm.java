package io.eda.samples.relay;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another JVM, with the class path of this one: to be killed, frozen and thawed. */
final class ChildJvm implements AutoCloseable {

    private final Process process;
    private final BufferedReader output;

    private ChildJvm(Process process) {
        this.process = process;
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static ChildJvm start(Class<?> main, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                main.getName()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return new ChildJvm(builder.start());
    }

    /** Waits until it has said {@code word} in a line of its own; from then on nobody listens, and it must be quiet. */
    void awaitWord(String word) throws IOException {
        List<String> said = new ArrayList<>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            said.add(line);
            if (line.equals(word)) {
                listenToNothing();
                return;
            }
        }
        throw new AssertionError("The node ended before it said '" + word + "', but said " + said);
    }

    // A node that reports its failures must not wait for a reader: the pipe would fill up, and hold it for ever.
    private void listenToNothing() {
        Thread reader = new Thread(
                () -> {
                    try {
                        while (output.readLine() != null) {}
                    } catch (IOException e) {
                        // The node was killed.
                    }
                },
                "output of " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    void freeze() throws Exception {
        signal("STOP");
    }

    void thaw() throws Exception {
        signal("CONT");
    }

    private void signal(String name) throws Exception {
        Process kill = new ProcessBuilder("kill", "-s", name, Long.toString(process.pid())).start();
        if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
            throw new IllegalStateException("Sending " + name + " to the node " + process.pid() + " failed");
        }
    }

    @Override
    public void close() {
        // SIGKILL reaches a frozen process too.
        process.destroyForcibly();
    }
}
