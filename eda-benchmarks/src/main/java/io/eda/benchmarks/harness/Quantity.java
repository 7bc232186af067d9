package io.eda.benchmarks.harness;

import java.util.Locale;

/** What is measured of a contender. */
public enum Quantity {
    /** Throughput. */
    EVENTS_PER_SECOND("events/s", "%,.0f"),
    /** The median latency of an operation. */
    P50_MILLIS("p50 ms", "%.3f"),
    /** The latency that one operation in a hundred exceeds. */
    P99_MILLIS("p99 ms", "%.3f"),
    /** Processor time of the client's process, collector and compiler included. */
    CPU_MICROS("CPU µs/event", "%.1f"),
    /** What the client's threads allocated on the heap. */
    ALLOCATED_BYTES("bytes/event", "%,.0f");

    private final String title;
    private final String format;

    Quantity(String title, String format) {
        this.title = title;
        this.format = format;
    }

    String title() {
        return title;
    }

    double of(Measurement measurement) {
        return switch (this) {
            case EVENTS_PER_SECOND -> measurement.eventsPerSecond();
            case P50_MILLIS -> measurement.p50Millis();
            case P99_MILLIS -> measurement.p99Millis();
            case CPU_MICROS -> measurement.cpuMicrosPerEvent();
            case ALLOCATED_BYTES -> measurement.bytesPerEvent();
        };
    }

    String text(double number) {
        return Double.isNaN(number) ? "–" : String.format(Locale.ROOT, format, number);
    }
}
