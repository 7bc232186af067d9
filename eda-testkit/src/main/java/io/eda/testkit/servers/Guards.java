package io.eda.testkit.servers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Starts the shell scripts that outlive this JVM just long enough to clean up after it. */
final class Guards {

    private Guards() {}

    /** Starts {@code script} with these arguments; its standard input stays open until this JVM closes it or dies. */
    static Process start(String script, List<String> arguments, Map<String, String> environment) {
        List<String> command = new ArrayList<>();
        // A session of its own: whoever kills this JVM's whole process group with -9 must not hit the guard too.
        Machine.current().program("setsid").ifPresent(setsid -> command.add(setsid.toString()));
        command.addAll(List.of("sh", "-c", script(script), script));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        // What the developer's shell has set for these products (PGDATA, RABBITMQ_NODENAME, JAVA_TOOL_OPTIONS) must
        // not reach them.
        builder.environment().keySet().retainAll(List.of("PATH", "LANG", "TMPDIR"));
        builder.environment().putAll(environment);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Servers for tests run under a POSIX shell, and 'sh' could not be started. "
                            + "Use Linux or macOS, or name running servers in EDA_POSTGRES_URL and its like.",
                    e);
        }
    }

    /** The first line that the guard prints, or what it died of. */
    static String firstLine(Process guard) {
        StringBuilder line = new StringBuilder();
        try {
            InputStream out = guard.getInputStream();
            for (int c = out.read(); c != -1 && c != '\n'; c = out.read()) {
                line.append((char) c);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The guard of a test server could not be heard.", e);
        }
        return line.toString();
    }

    /** The text of a shell script without its comments, which nobody wants to read in a list of processes. */
    static String script(String name) {
        return resource(name)
                .lines()
                .filter(line -> !line.stripLeading().startsWith("#"))
                .collect(Collectors.joining("\n"));
    }

    static String resource(String name) {
        try (InputStream in = Guards.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("The eda-testkit jar lacks its own file " + name + ". Get it anew.");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
