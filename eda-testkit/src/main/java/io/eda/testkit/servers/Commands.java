package io.eda.testkit.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs short commands to their end. */
final class Commands {

    /** What a command left behind: its exit status, and standard output and error in one. */
    record Outcome(int status, String output) {}

    private Commands() {}

    /** Runs {@code command}, and kills it after {@code limit}. */
    static Outcome run(List<String> command, Map<String, String> environment, Duration limit) {
        try {
            // A file and no pipe: a daemon that the command leaves behind would hold a pipe open for ever.
            Path output = Files.createTempFile("eda-command-", ".out");
            try {
                ProcessBuilder builder = new ProcessBuilder(command)
                        .redirectInput(ProcessBuilder.Redirect.from(
                                Path.of("/dev/null").toFile()))
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
                builder.environment().putAll(environment);
                int status = finish(builder.start(), limit);
                return new Outcome(status, Files.readString(output, StandardCharsets.UTF_8));
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The command " + command + " could not be run.", e);
        }
    }

    /** Runs {@code command} and returns its output; a status other than 0 is an error that shows it. */
    static String runOrFail(List<String> command, Map<String, String> environment, Duration limit) {
        Outcome outcome = run(command, environment, limit);
        if (outcome.status() != 0) {
            throw new IllegalStateException("The command " + String.join(" ", command) + " ended with status "
                    + outcome.status() + ": " + outcome.output().strip());
        }
        return outcome.output();
    }

    private static int finish(Process process, Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                return -1;
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            return -1;
        }
    }
}
