package io.eda.benchmarks.harness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Outcomes whose figures are easy to check. */
final class Samples {

    static final Plan PLAN = new Plan(3, Duration.ZERO, Duration.ofSeconds(2), CallerThreads.PLATFORM);

    private Samples() {}

    static Contender contender(String name) {
        return new Contender(name, "as it comes", 4, () -> {
            throw new AssertionError("Not to be opened");
        });
    }

    /** A round of two seconds with 4 µs and 100 bytes an event. */
    static Measurement measurement(String contender, int round, long events, double p99Millis, double stolen) {
        Usage used = new Usage(events * 4_000, events * 100, stolen);
        return new Measurement(contender, round, Duration.ofSeconds(2), events, 0.5, p99Millis, used, false);
    }

    /** {@code fast} has a median of 4 000 events a second, {@code slow} one of 1 000. */
    static Outcome outcome(List<Goal> goals) {
        Scenario scenario = new Scenario(
                "reads, \"hot\"",
                Pace.asFastAsPossible(),
                List.of(contender("slow"), contender("fast")),
                List.of("slow"),
                goals);
        List<Measurement> measurements = new ArrayList<>();
        long[] slow = {2_000, 2_400, 600};
        long[] fast = {8_000, 7_000, 20_000};
        for (int round = 1; round <= 3; round++) {
            measurements.add(measurement("slow", round, slow[round - 1], 10, Double.NaN));
            measurements.add(measurement("fast", round, fast[round - 1], 2, round));
        }
        return new Outcome(scenario, PLAN, measurements);
    }
}
