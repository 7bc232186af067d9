package io.eda.benchmarks.observation;

import io.eda.benchmarks.harness.Report;
import io.eda.benchmarks.pipeline.ObservedPipeline;
import io.eda.benchmarks.postgres.ObservedAppends;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Optional;

/** The pipeline in memory, and appends to PostgreSQL: unobserved, with all meters, and with every event traced. */
public final class ObservationBench {

    private ObservationBench() {}

    /** Runs both, in rounds by the plan of {@code report}, which are to be short and many: what is looked for is small. */
    public static void run(Report report) throws Exception {
        try (Tracer tracer = new Tracer()) {
            List<Observer> observers = List.of(
                    new Observer("unobserved", Optional.empty(), Optional.empty()),
                    new Observer("meters", Optional.of((MeterRegistry) new SimpleMeterRegistry()), Optional.empty()),
                    new Observer("tracing", Optional.empty(), Optional.of(tracer.registry())));
            ObservedPipeline.run(report, observers);
            ObservedAppends.run(report, observers);
        }
    }
}
