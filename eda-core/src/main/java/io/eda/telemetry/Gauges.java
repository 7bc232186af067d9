package io.eda.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * The gauges of one part, under the same tags. Closing takes them out of the registry: a part that has ended tells nothing, and a new one of its
 * name is not mistaken for it. Thread-safe.
 */
public final class Gauges implements AutoCloseable {

    private final MeterRegistry registry;
    private final Tags tags;
    private final List<Gauge> registered = new CopyOnWriteArrayList<>();

    /** Prepares to register in {@code registry}. */
    public Gauges(MeterRegistry registry, Tags tags) {
        this.registry = registry;
        this.tags = tags;
    }

    /** Registers a plain number, read when the registry asks; {@code NaN} where it is not known. Returns this. */
    public Gauges add(String name, String description, Supplier<? extends Number> value) {
        registered.add(builder(name, description, value).register(registry));
        return this;
    }

    /** Registers a number of {@code unit}. Returns this. */
    public Gauges add(String name, String unit, String description, Supplier<? extends Number> value) {
        registered.add(builder(name, description, value).baseUnit(unit).register(registry));
        return this;
    }

    private Gauge.Builder<Supplier<Number>> builder(String name, String description, Supplier<? extends Number> value) {
        return Gauge.builder(name, () -> (Number) value.get())
                .description(description)
                .tags(tags);
    }

    /** Takes all of them out of the registry. Idempotent. */
    @Override
    public void close() {
        registered.forEach(registry::remove);
        registered.clear();
    }
}
