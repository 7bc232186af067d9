package io.eda.benchmarks.harness;

import java.io.BufferedReader;
import java.io.PrintStream;
import java.time.Duration;

/** The other end of {@link RemoteSession}: runs what it reads, a line each, until there is no more to read. */
public final class RoundServer {

    private final Opening opening;

    /** Runs sessions that {@code opening} makes of what {@code RemoteSession} calls its subject. */
    public RoundServer(Opening opening) {
        this.opening = opening;
    }

    /** Where sessions come from. */
    @FunctionalInterface
    public interface Opening {

        /** Opens a session over {@code subject}; nothing of it is measured. */
        Session open(String subject) throws Exception;
    }

    /** Answers each line of {@code in} by one of {@code out}. */
    public void serve(BufferedReader in, PrintStream out) throws Exception {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(answer(line));
            out.flush();
        }
    }

    /** Whatever goes wrong is told to whoever asked, who has the report. */
    private String answer(String line) {
        try {
            return ChildProcess.ANSWER + done(line);
        } catch (Exception | LinkageError e) {
            return ChildProcess.FAILURE + causes(e);
        }
    }

    private String done(String line) throws Exception {
        String[] order = line.split(" ", 2);
        if (order[0].equals(RemoteSession.ONCE)) {
            try (Session session = opening.open(order[1])) {
                return Integer.toString(session.caller(0).run(new Stopwatch()));
            }
        }
        if (order[0].equals(RemoteSession.ROUND)) {
            return Figures.of(round(order[1].split(" ", 5))).line();
        }
        throw new IllegalArgumentException("'" + line + "' is nothing that can be run");
    }

    private Measurement round(String[] words) throws Exception {
        int callers = Integer.parseInt(words[0]);
        Duration warmUp = Duration.ofMillis(Long.parseLong(words[1]));
        Duration measured = Duration.ofMillis(Long.parseLong(words[2]));
        Plan plan = new Plan(1, warmUp, measured, CallerThreads.valueOf(words[3]));
        Contender contender = new Contender("child", "", callers, () -> opening.open(words[4]));
        return new Round(contender, Pace.asFastAsPossible(), plan).run(1);
    }

    private static String causes(Throwable failure) {
        StringBuilder text = new StringBuilder(failure.toString());
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            text.append("; caused by ").append(cause);
        }
        return text.toString().replaceAll("\\R", " | ");
    }
}
