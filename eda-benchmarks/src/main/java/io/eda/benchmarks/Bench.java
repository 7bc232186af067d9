package io.eda.benchmarks;

import io.eda.benchmarks.harness.Plan;
import io.eda.benchmarks.harness.Report;
import io.eda.benchmarks.kafka.KafkaBench;
import io.eda.benchmarks.observation.ObservationBench;
import io.eda.benchmarks.pipeline.PipelineBench;
import io.eda.benchmarks.postgres.AppendBench;
import io.eda.benchmarks.postgres.CommandBench;
import io.eda.benchmarks.postgres.GrowthBench;
import io.eda.benchmarks.postgres.ReadBench;
import io.eda.benchmarks.projections.NamesGrowth;
import io.eda.benchmarks.projections.ProjectionBench;
import io.eda.benchmarks.rabbitmq.RabbitBench;
import io.eda.benchmarks.redis.RedisBench;
import io.eda.benchmarks.relay.RelayBench;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code dev/bench} runs: the name of a benchmark, {@code --quick} for a look whether it works, and {@code --virtual} for callers
 * on virtual threads.
 */
public final class Bench {

    private static final String QUICK = "--quick";
    private static final String VIRTUAL = "--virtual";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private static final List<Integer> GROWTH = List.of(1_000_000, 5_000_000, 10_000_000, 20_000_000);

    private Bench() {}

    /** Runs one benchmark, and writes its CSV and its page below {@code target/bench} of the working directory. */
    public static void main(String[] arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of(arguments));
        boolean isQuick = words.remove(QUICK);
        boolean isVirtual = words.remove(VIRTUAL);
        if (words.size() != 1) {
            throw new IllegalArgumentException("One benchmark at a time, not " + words);
        }
        Plan plan = plan(words.get(0), isQuick);
        Report report = new Report(isVirtual ? plan.onVirtualThreads() : plan, System.out, System.err);
        report.line(machine());
        run(words.get(0), report, isQuick);
        String name = words.get(0)
                + (isVirtual ? "-virtual" : "")
                + (isQuick ? "-quick-" : "-")
                + TIME.format(Clock.systemUTC().instant());
        report.writeFiles(Path.of("target", "bench"), name);
    }

    private static Plan plan(String benchmark, boolean isQuick) {
        if (isQuick) {
            return Plan.quick();
        }
        return switch (benchmark) {
            case "growth" -> Plan.brief();
            case "observation" -> Plan.turns();
            default -> Plan.full();
        };
    }

    private static void run(String benchmark, Report report, boolean isQuick) throws Exception {
        switch (benchmark) {
            case "append" -> AppendBench.run(report);
            case "read" -> ReadBench.run(report, isQuick ? 50_000 : 500_000);
            case "commands" -> CommandBench.run(report);
            case "growth" -> {
                GrowthBench.run(report, isQuick ? List.of(20_000, 40_000) : GROWTH);
                NamesGrowth.run(report, isQuick ? List.of(1, 10) : List.of(1, 10, 100, 1_000));
            }
            case "projections" -> ProjectionBench.run(report, isQuick ? 300_000 : 1_000_000);
            case "relay" -> RelayBench.run(report, isQuick ? 300_000 : 1_200_000);
            case "pipeline" -> PipelineBench.run(report, isQuick ? 1 : 5, isQuick ? 50_000 : 200_000);
            case "observation" -> ObservationBench.run(report);
            case "kafka" -> KafkaBench.run(report, isQuick ? 1_500_000 : 12_000_000);
            case "rabbitmq" -> RabbitBench.publish(report);
            case "rabbitmq-consume" -> RabbitBench.consume(report, isQuick ? 80_000 : 400_000);
            case "redis" -> RedisBench.run(report, isQuick ? 400_000 : 3_200_000);
            default -> throw new IllegalArgumentException("'" + benchmark + "' is no benchmark; see dev/bench");
        }
    }

    private static String machine() {
        Runtime runtime = Runtime.getRuntime();
        return System.getProperty("os.name") + " " + System.getProperty("os.arch") + ", "
                + runtime.availableProcessors()
                + " processors for client and server together, Java " + Runtime.version() + ", heap of "
                + (runtime.maxMemory() >> 20) + " MB";
    }
}
