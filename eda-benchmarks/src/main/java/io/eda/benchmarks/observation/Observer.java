package io.eda.benchmarks.observation;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.util.Optional;

/**
 * Who looks on.
 *
 * @param name for tables
 * @param meters counts
 * @param traces hears of every event
 */
public record Observer(String name, Optional<MeterRegistry> meters, Optional<ObservationRegistry> traces) {

    /** Returns the registry of observations, also where nobody listens. */
    public ObservationRegistry observations() {
        return traces.orElse(ObservationRegistry.NOOP);
    }

    String settings() {
        return (meters.isPresent() ? "bound to a registry" : "bound to no registry") + ", "
                + (traces.isPresent() ? "everything traced" : "nothing traced");
    }
}
