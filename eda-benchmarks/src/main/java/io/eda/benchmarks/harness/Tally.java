package io.eda.benchmarks.harness;

/** What one caller counts. For one thread; added up when all are done. */
final class Tally {

    private final Latencies latencies = new Latencies();
    private long events;

    void add(int handled, long nanos) {
        events += handled;
        latencies.add(nanos);
    }

    void add(Tally other) {
        events += other.events;
        latencies.add(other.latencies);
    }

    long events() {
        return events;
    }

    Latencies latencies() {
        return latencies;
    }
}
