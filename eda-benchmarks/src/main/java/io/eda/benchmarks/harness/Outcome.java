package io.eda.benchmarks.harness;

import java.util.List;

/** What a comparison found: every round of every contender. */
public final class Outcome {

    private final Scenario scenario;
    private final Plan plan;
    private final List<Measurement> measurements;

    Outcome(Scenario scenario, Plan plan, List<Measurement> measurements) {
        this.scenario = scenario;
        this.plan = plan;
        this.measurements = List.copyOf(measurements);
    }

    Scenario scenario() {
        return scenario;
    }

    Plan plan() {
        return plan;
    }

    List<Measurement> measurements() {
        return measurements;
    }

    List<Measurement> of(String contender) {
        return measurements.stream()
                .filter(measurement -> measurement.contender().equals(contender))
                .toList();
    }

    Spread spread(String contender, Quantity quantity) {
        return Spread.of(of(contender).stream().mapToDouble(quantity::of).toArray());
    }

    /** Returns how many times the median throughput of {@code reference} that of {@code contender} is. */
    double ratio(String contender, String reference) {
        return spread(contender, Quantity.EVENTS_PER_SECOND).median()
                / spread(reference, Quantity.EVENTS_PER_SECOND).median();
    }
}
