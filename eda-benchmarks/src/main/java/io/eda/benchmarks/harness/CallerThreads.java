package io.eda.benchmarks.harness;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** What callers run on. */
public enum CallerThreads {
    /** A thread of the operating system each. */
    PLATFORM,
    /** A virtual thread each, where the runtime has them: from JDK 21 on. */
    VIRTUAL;

    /** Opens as many threads as there are callers. */
    ExecutorService open(int callers) {
        return this == PLATFORM ? Executors.newFixedThreadPool(callers) : virtual();
    }

    private static ExecutorService virtual() {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "Java " + Runtime.version() + " has no virtual threads: run it on JDK 21 or newer", e);
        }
    }
}
