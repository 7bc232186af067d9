package io.eda.benchmarks.harness;

import java.util.Locale;

/**
 * What this process used in some stretch of time.
 *
 * @param cpuNanos processor time, of all threads
 * @param allocatedBytes what all threads allocated on the heap
 * @param stolenPercent how much of the host's time went to others meanwhile; NaN where it is not known
 */
record Usage(long cpuNanos, long allocatedBytes, double stolenPercent) {

    String stolenText() {
        return Double.isNaN(stolenPercent) ? "–" : String.format(Locale.ROOT, "%.1f", stolenPercent);
    }

    /** Returns whether the host's neighbours took more than {@code percent} of the time. */
    boolean isDisturbed(double percent) {
        return stolenPercent > percent;
    }
}
