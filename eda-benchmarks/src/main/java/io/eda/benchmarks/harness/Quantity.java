package io.eda.benchmarks.harness;

import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What is measured of a contender. */
public enum Quantity {
    /** Throughput. */
    EVENTS_PER_SECOND("events/s", "%,.0f", Measurement::eventsPerSecond),
    /** The median latency of an operation. */
    P50_MILLIS("p50 ms", "%.3f", Measurement::p50Millis),
    /** The latency that one operation in a hundred exceeds. */
    P99_MILLIS("p99 ms", "%.3f", Measurement::p99Millis),
    /** Processor time of the client's process, collector and compiler included. */
    CPU_MICROS("CPU µs/event", "%.1f", Measurement::cpuMicrosPerEvent),
    /** What the client's threads allocated on the heap. */
    ALLOCATED_BYTES("bytes/event", "%,.0f", Measurement::bytesPerEvent);

    private final String title;
    private final String format;
    private final ToDoubleFunction<Measurement> value;

    Quantity(String title, String format, ToDoubleFunction<Measurement> value) {
        this.title = title;
        this.format = format;
        this.value = value;
    }

    String title() {
        return title;
    }

    double of(Measurement measurement) {
        return value.applyAsDouble(measurement);
    }

    String text(double number) {
        return Double.isNaN(number) ? "–" : String.format(Locale.ROOT, format, number);
    }
}
