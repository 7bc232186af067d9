package io.eda.benchmarks.harness;

/**
 * One system under the load of one scenario.
 *
 * @param name short, for tables
 * @param settings how it is set up, for whoever doubts the figure
 * @param callers how many threads call it at once
 * @param opening gives it fresh data and connections for one round
 */
public record Contender(String name, String settings, int callers, Opening opening) {

    /** Checks the number of callers. */
    public Contender {
        if (callers < 1) {
            throw new IllegalArgumentException(
                    "'" + name + "' has " + callers + " callers: somebody must call it, at least 1");
        }
    }

    /** Where the sessions of a contender come from. */
    @FunctionalInterface
    public interface Opening {

        /** Opens a session; takes the time it needs, nothing of it is measured. */
        Session open() throws Exception;
    }
}
