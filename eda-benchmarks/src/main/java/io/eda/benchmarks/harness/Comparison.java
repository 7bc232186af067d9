package io.eda.benchmarks.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/**
 * Measures the contenders of a scenario in turn, A B C A B C …, so that what changes on the machine in the meantime changes
 * for all of them.
 *
 * <p>A round in which a hypervisor took more than {@value #DISTURBED_PERCENT} % of the host's time is repeated once; the less
 * disturbed of the two counts, and is marked.
 */
public final class Comparison {

    /** From how much stolen time on a round is repeated. */
    static final double DISTURBED_PERCENT = 5;

    private final Plan plan;
    private final Consumer<String> progress;

    /** Measures by {@code plan} and tells a line to {@code progress} after each round. */
    public Comparison(Plan plan, Consumer<String> progress) {
        this.plan = plan;
        this.progress = progress;
    }

    /** Runs all rounds. */
    public Outcome run(Scenario scenario) throws Exception {
        List<Measurement> measurements = new ArrayList<>();
        if (scenario.pace().perSecond().isPresent()) {
            // An open loop calls too seldom to have its code compiled: the first rounds would measure the compiler.
            for (Contender contender : scenario.contenders()) {
                var unused = new Round(contender, Pace.asFastAsPossible(), plan).run(0);
            }
        }
        for (int round = 1; round <= plan.rounds(); round++) {
            for (Contender contender : scenario.contenders()) {
                int number = round;
                Round attempt = new Round(contender, scenario.pace(), plan);
                measurements.add(undisturbed(() -> told(attempt.run(number))));
            }
        }
        return new Outcome(scenario, plan, measurements);
    }

    static Measurement undisturbed(Callable<Measurement> round) throws Exception {
        Measurement first = round.call();
        if (!first.used().isDisturbed(DISTURBED_PERCENT)) {
            return first;
        }
        Measurement second = round.call();
        boolean isBetter = second.used().stolenPercent() < first.used().stolenPercent();
        return (isBetter ? second : first).asRepetition();
    }

    private Measurement told(Measurement measurement) {
        progress.accept(String.format(
                Locale.ROOT,
                "  round %d/%d  %-24s %,12.0f events/s  p50 %9.3f ms  p99 %9.3f ms  steal %s %%",
                measurement.round(),
                plan.rounds(),
                measurement.contender(),
                measurement.eventsPerSecond(),
                measurement.p50Millis(),
                measurement.p99Millis(),
                measurement.used().stolenText()));
        return measurement;
    }
}
