package io.eda.benchmarks.rabbitmq;

import static io.eda.benchmarks.harness.Quantity.EVENTS_PER_SECOND;
import static io.eda.benchmarks.harness.Quantity.P99_MILLIS;

import io.eda.benchmarks.harness.Contender;
import io.eda.benchmarks.harness.Goal;
import io.eda.benchmarks.harness.Pace;
import io.eda.benchmarks.harness.Report;
import io.eda.benchmarks.harness.Scenario;
import java.util.ArrayList;
import java.util.List;

/** Publishes to RabbitMQ and consumes from it: ours, the raw client, Spring AMQP, RabbitMQ's perf-test. */
public final class RabbitBench {

    private static final int PER_SECOND = 1_000;

    private RabbitBench() {}

    /** Publishes, and measures the way to the handler. */
    public static void publish(Report report) throws Exception {
        try (Broker broker = new Broker()) {
            report.line(broker.description());
            report.compare(publishing(report, broker));
            report.compare(new Scenario(
                    "publish to handler, " + PER_SECOND + " messages/s open loop",
                    Pace.perSecond(PER_SECOND),
                    new Latency(broker).all(),
                    List.of(Latency.RAW),
                    List.of(Goal.atMost(1.5, Latency.EDA, P99_MILLIS, Latency.RAW))));
        }
    }

    private static Scenario publishing(Report report, Broker broker) {
        List<Contender> contenders = new ArrayList<>(new Publishers(broker).all());
        List<String> references = new ArrayList<>(
                List.of(Publishers.RAW, Publishers.RAW_TWO, Publishers.SPRING, Publishers.SPRING_INVOKE));
        List<Goal> goals = new ArrayList<>(List.of(
                Goal.atLeast(0.9, Publishers.EDA, EVENTS_PER_SECOND, Publishers.RAW),
                Goal.atLeast(0.9, Publishers.EDA, EVENTS_PER_SECOND, Publishers.RAW_TWO),
                Goal.atLeast(4, Publishers.EDA, EVENTS_PER_SECOND, Publishers.SPRING),
                Goal.atLeast(1.5, Publishers.EDA, EVENTS_PER_SECOND, Publishers.SPRING_INVOKE)));
        String perfTest = System.getProperty(PerfTest.CLASS_PATH, "");
        if (perfTest.isEmpty()) {
            report.line("without perf-test, which could not be downloaded");
        } else {
            contenders.add(0, new PerfTest(broker, perfTest, Publishers.WINDOW).contender());
            references.add(PerfTest.NAME);
            goals.add(Goal.atLeast(0.9, Publishers.EDA, EVENTS_PER_SECOND, PerfTest.NAME));
        }
        return new Scenario(
                "publish with confirms, window 3 000, 250 bytes",
                Pace.asFastAsPossible(),
                contenders,
                references,
                goals);
    }

    /** Consumes a queue of {@code messages}, which must hold for a round. */
    public static void consume(Report report, int messages) throws Exception {
        try (Broker broker = new Broker()) {
            report.line(broker.description());
            report.compare(new Scenario(
                    "consume, ack after handling, 250 bytes",
                    Pace.asFastAsPossible(),
                    new Consumers(broker, messages).all(),
                    List.of(Consumers.RAW, Consumers.SPRING),
                    List.of(
                            Goal.atLeast(0.85, Consumers.EDA, EVENTS_PER_SECOND, Consumers.RAW),
                            Goal.atLeast(1.5, Consumers.EDA, EVENTS_PER_SECOND, Consumers.SPRING))));
        }
    }
}
