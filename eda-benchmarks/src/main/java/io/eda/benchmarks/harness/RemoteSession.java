package io.eda.benchmarks.harness;

import java.time.Duration;
import java.util.List;

/**
 * A session whose callers live in another process, for systems whose classes cannot be loaded beside those of others. That process runs
 * whole rounds by itself, so that latencies, processor time and allocation are those over there, and none of them is the
 * price of talking to it.
 *
 * @param process where a {@link RoundServer} answers
 * @param subject tells it what to open: free text in one line
 * @param after closed when the session is
 */
public record RemoteSession(ChildProcess process, String subject, AutoCloseable after) implements Session {

    static final String ONCE = "once";
    static final String ROUND = "round";

    // To open, to close, and what a round grants its callers at its end.
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** Returns an operation that opens everything anew each time: for a look at what it does, not for measuring. */
    @Override
    public Operation caller(int index) {
        return watch -> Integer.parseInt(process.ask(ONCE + " " + subject, PATIENCE));
    }

    Measurement measure(Contender contender, Pace pace, Plan plan, int number) throws Exception {
        if (pace.perSecond().isPresent()) {
            throw new IllegalArgumentException("'" + contender.name()
                    + "' is called in another process, which knows closed loops alone: leave it out");
        }
        List<String> words = List.of(
                ROUND,
                Integer.toString(contender.callers()),
                Long.toString(plan.warmUp().toMillis()),
                Long.toString(plan.measured().toMillis()),
                plan.threads().name(),
                subject);
        Duration patience = PATIENCE.plus(plan.warmUp()).plus(plan.measured());
        return Figures.parse(process.ask(String.join(" ", words), patience)).of(contender.name(), number, plan);
    }

    @Override
    public void close() throws Exception {
        after.close();
    }
}
