package io.eda.benchmarks.harness;

import java.time.Duration;

/**
 * What one round found.
 *
 * @param contender who was measured
 * @param round the number of the round, from 1
 * @param time for how long
 * @param events how many events were handled in it
 * @param p50Millis the median latency of an operation
 * @param p99Millis the latency that one operation in a hundred exceeds
 * @param used what the client used meanwhile, and how the host was disturbed
 * @param repeated whether it stands for a round that the host disturbed
 */
record Measurement(
        String contender,
        int round,
        Duration time,
        long events,
        double p50Millis,
        double p99Millis,
        Usage used,
        boolean repeated) {

    Measurement {
        if (events < 1) {
            throw new IllegalStateException("'" + contender + "' handled no event in " + time.toMillis()
                    + " ms: there is nothing to compare. Look for its error, or measure for longer");
        }
    }

    static Measurement of(String contender, int round, Duration time, Tally tally, Usage used) {
        return new Measurement(
                contender,
                round,
                time,
                tally.events(),
                tally.latencies().percentile(0.50) / 1e6,
                tally.latencies().percentile(0.99) / 1e6,
                used,
                false);
    }

    Measurement asRepetition() {
        return new Measurement(contender, round, time, events, p50Millis, p99Millis, used, true);
    }

    double eventsPerSecond() {
        return events * 1e9 / time.toNanos();
    }

    double cpuMicrosPerEvent() {
        return used.cpuNanos() / 1e3 / events;
    }

    double bytesPerEvent() {
        return (double) used.allocatedBytes() / events;
    }
}
