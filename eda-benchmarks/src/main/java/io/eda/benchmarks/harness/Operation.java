package io.eda.benchmarks.harness;

/** One call to a contender, again and again. */
@FunctionalInterface
public interface Operation {

    /**
     * Does it once.
     *
     * @param watch runs already; restarted by an operation of which only the end is to be measured
     * @return how many events it handled
     */
    int run(Stopwatch watch) throws Exception;
}
