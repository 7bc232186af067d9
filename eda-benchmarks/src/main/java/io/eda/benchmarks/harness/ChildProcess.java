package io.eda.benchmarks.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Another process that answers: to each line that it is sent it writes one that begins with {@value #ANSWER}, or with {@value #FAILURE} and
 * what went wrong. What else it writes is kept for the message of an error. Closing ends it. For one thread.
 */
public final class ChildProcess implements AutoCloseable {

    static final String ANSWER = "=> ";
    static final String FAILURE = "!! ";

    private static final Duration END = Duration.ofSeconds(10);

    private final Process process;
    private final PrintStream input;
    private final BufferedReader output;
    private final ExecutorService reader = Executors.newSingleThreadExecutor(ChildProcess::daemon);

    private ChildProcess(Process process) {
        this.process = process;
        this.input = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts a command. */
    public static ChildProcess start(List<String> command) throws IOException {
        return new ChildProcess(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** Sends a line and waits for its answer; fails where the process does, or does not answer within {@code patience}. */
    String ask(String line, Duration patience) throws Exception {
        input.println(line);
        try {
            return reader.submit(this::nextAnswer).get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "Process " + process.pid() + " has not answered '" + line + "' in " + patience
                            + ": take a thread dump of it with jstack the next time",
                    e);
        }
    }

    private String nextAnswer() throws IOException {
        List<String> others = new ArrayList<>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(ANSWER)) {
                return line.substring(ANSWER.length());
            }
            if (line.startsWith(FAILURE)) {
                throw new IllegalStateException(
                        "Process " + process.pid() + " failed: " + line.substring(FAILURE.length()) + said(others));
            }
            others.add(line);
        }
        throw new IllegalStateException("Process " + process.pid() + " has ended" + said(others));
    }

    private static String said(List<String> lines) {
        return lines.isEmpty() ? "" : "; before, it said:\n" + String.join("\n", lines);
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "answers of another process");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void close() throws InterruptedException {
        // The end of its input is the end of its work.
        input.close();
        if (!process.waitFor(END.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        reader.shutdownNow();
    }
}
