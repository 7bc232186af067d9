package io.eda.testkit.servers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Another JVM with the class path of this one, for a test to kill, freeze and thaw: a second node. What it prints, standard error
 * included, is read as it comes, so that no full pipe holds it up, and its first {@value #MOST_LINES} lines are kept. Closing kills it.
 * Thread-safe.
 */
public final class ChildJvm implements AutoCloseable {

    private static final int MOST_LINES = 1_000_000;
    private static final Duration WORD = Duration.ofMinutes(2);
    private static final Duration END = Duration.ofSeconds(30);

    private final Process process;
    private final Thread reader;

    // Both guarded by the list.
    private final List<String> lines = new ArrayList<>();
    private boolean hasEnded;

    private ChildJvm(Process process) {
        this.process = process;
        this.reader = new Thread(this::read, "output of " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts {@code main} with these arguments and a small heap. */
    public static ChildJvm start(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                main.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        // Not as an argument: a class path can be longer than a command line may be.
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        try {
            return new ChildJvm(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException("Another JVM could not be started: " + command.get(0), e);
        }
    }

    private void read() {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                keep(line);
            }
        } catch (IOException e) {
            // It was killed while it wrote: what came before is there.
            keep("end: " + e.getMessage());
        } finally {
            synchronized (lines) {
                hasEnded = true;
                lines.notifyAll();
            }
        }
    }

    private void keep(String line) {
        synchronized (lines) {
            if (lines.size() < MOST_LINES) {
                lines.add(line);
            }
            lines.notifyAll();
        }
    }

    /** Returns what it has printed so far. */
    public List<String> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    /** Waits until it has printed {@code word} in a line of its own; fails as {@link #awaitLines} does. Returns this. */
    public ChildJvm awaitWord(String word) throws InterruptedException {
        return awaitLines("'" + word + "'", all -> all.contains(word));
    }

    /**
     * Waits until what it has printed is enough. Returns this.
     *
     * @param what what is waited for, for the message of the error
     * @param isEnough looks at all lines so far; must not keep them
     * @throws AssertionError if it ends before, or does not say so within two minutes
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    public ChildJvm awaitLines(String what, Predicate<List<String>> isEnough) throws InterruptedException {
        long deadline = System.nanoTime() + WORD.toNanos();
        synchronized (lines) {
            while (!isEnough.test(lines)) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (hasEnded || left <= 0) {
                    throw new AssertionError("The JVM of process " + process.pid()
                            + (hasEnded ? " ended" : " took two minutes") + " before it said " + what + ", but said "
                            + lines);
                }
                lines.wait(left);
            }
        }
        return this;
    }

    /** Returns whether it runs, frozen or not. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** SIGSTOP: it does nothing any more, and its connections stay open. */
    public void freeze() {
        signal("STOP");
    }

    /** SIGCONT: it goes on where it was, and does not know how long it slept. */
    public void thaw() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            Process kill = new ProcessBuilder("kill", "-s", name, Long.toString(process.pid())).start();
            if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
                throw new IllegalStateException("The JVM of process " + process.pid() + " could not be sent SIG" + name
                        + ", it said " + lines());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The command 'kill' could not be run: install procps", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while SIG" + name + " was sent", e);
        }
    }

    /** SIGKILL, which reaches a frozen one too; returns when it is gone, and what it printed before is in {@link #lines}. */
    public void kill() {
        // By its handle, which leaves its output open.
        process.toHandle().destroyForcibly();
        try {
            if (!process.waitFor(END.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("The JVM of process " + process.pid() + " does not die");
            }
            reader.join(END.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        kill();
    }
}
