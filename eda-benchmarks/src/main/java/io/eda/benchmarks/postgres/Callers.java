package io.eda.benchmarks.postgres;

import io.eda.benchmarks.harness.Operation;

/** What the callers of one session do. */
@FunctionalInterface
interface Callers {

    /** Returns what one more caller does. */
    Operation next() throws Exception;
}
