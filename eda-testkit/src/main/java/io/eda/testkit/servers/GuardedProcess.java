package io.eda.testkit.servers;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A child process with all its descendants, which dies with this JVM.
 *
 * <p>Signals go through the shell's own {@code kill}: the JDK knows TERM and KILL only, and only for one process.
 */
final class GuardedProcess {

    private static final Duration KILL_LIMIT = Duration.ofSeconds(20);

    private final Process guard;
    private final long pid;

    private GuardedProcess(Process guard, long pid) {
        this.guard = guard;
        this.pid = pid;
    }

    /**
     * Starts {@code command} under its guard.
     *
     * @param softSignal what the guard sends before it kills, when this JVM is gone
     */
    static GuardedProcess start(List<String> command, Map<String, String> environment, Path log, String softSignal) {
        List<String> arguments = new ArrayList<>(List.of(log.toString(), softSignal));
        arguments.addAll(command);
        Process guard = Guards.start("guard-process.sh", arguments, environment);
        String pid = Guards.firstLine(guard);
        if (pid.isEmpty()) {
            throw new IllegalStateException("The process guard for " + command.get(0) + " ended at once with status "
                    + guard.onExit().join().exitValue() + ". Is the folder of " + log + " writable?");
        }
        return new GuardedProcess(guard, Long.parseLong(pid));
    }

    boolean isAlive() {
        return guard.isAlive();
    }

    /** Sends {@code signal} to the server itself, waits for its end, and kills it where that takes too long. */
    void stop(String signal, Duration limit) {
        thaw();
        signal(signal, List.of(pid));
        if (!awaitEnd(limit)) {
            kill();
        }
        release();
    }

    /** SIGKILL for the whole tree. */
    void kill() {
        // Frozen first: a server that sees a child die must not get to write a last word, as in a real crash.
        List<Long> frozen = new ArrayList<>(freeze());
        Collections.reverse(frozen);
        if (isAlive()) {
            signal("KILL", frozen);
        }
        if (!awaitEnd(KILL_LIMIT)) {
            throw new IllegalStateException("Process " + pid + " still runs " + KILL_LIMIT.toSeconds()
                    + " s after SIGKILL. Look at it with: ps -o pid,stat,wchan,args -p " + pid);
        }
        awaitEnd(frozen);
        release();
    }

    /** SIGSTOP for the whole tree. */
    Set<Long> freeze() {
        Set<Long> stopped = new LinkedHashSet<>();
        // The root first, so that it forks no more; then rounds until one finds nobody new, because a child may fork
        // between being listed and being stopped.
        List<Long> fresh = List.of(pid);
        while (!fresh.isEmpty() && isAlive()) {
            signal("STOP", fresh);
            stopped.addAll(fresh);
            fresh = tree().filter(process -> !stopped.contains(process)).toList();
        }
        return stopped;
    }

    /** SIGCONT for the whole tree. */
    void thaw() {
        List<Long> all = new ArrayList<>(tree().toList());
        Collections.reverse(all);
        if (isAlive()) {
            signal("CONT", all);
        }
    }

    private Stream<Long> tree() {
        return ProcessHandle.of(pid).stream()
                .flatMap(root -> Stream.concat(Stream.of(root), root.descendants()))
                .map(ProcessHandle::pid);
    }

    private boolean awaitEnd(Duration limit) {
        // join() and not waitFor(): a test's timeout interrupts the thread that closes the server, and must not keep
        // it from doing so.
        guard.onExit()
                .completeOnTimeout(guard, limit.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        return !guard.isAlive();
    }

    /** Killed descendants hold the port for a moment longer than their parent lives. */
    private static void awaitEnd(List<Long> pids) {
        Ports.await(KILL_LIMIT, () -> true, () -> pids.stream()
                .flatMap(pid -> ProcessHandle.of(pid).stream())
                .noneMatch(Processes::isRunning));
    }

    /** The server is gone; lets go of the pipe, on whose end nobody waits any more. */
    private void release() {
        try {
            guard.getOutputStream().close();
            guard.getInputStream().close();
        } catch (IOException e) {
            // The pipe's other end is gone already, which is all that closing it would have brought about.
        }
    }

    private static void signal(String name, Collection<Long> pids) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "kill -s \"$0\" \"$@\" 2>/dev/null", name));
        pids.forEach(pid -> command.add(Long.toString(pid)));
        // The status says nothing: a process that went away meanwhile is no failure.
        Commands.run(command, Map.of(), Duration.ofSeconds(10));
    }
}
