package io.eda.benchmarks;

import io.eda.benchmarks.harness.Plan;
import io.eda.benchmarks.harness.Report;
import io.eda.benchmarks.kafka.KafkaBench;
import io.eda.benchmarks.postgres.AppendBench;
import io.eda.benchmarks.postgres.ReadBench;
import io.eda.benchmarks.projections.ProjectionBench;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/** What {@code dev/bench} runs: {@code append}, {@code read}, {@code projections} or {@code kafka}, and {@code --quick} for a look whether it works. */
public final class Bench {

    private static final String QUICK = "--quick";
    private static final int EVENTS = 500_000;
    private static final int MANY_EVENTS = 1_000_000;
    private static final int FEW_EVENTS = 50_000;
    private static final int MESSAGES = 2_400_000;
    private static final int FEW_MESSAGES = 600_000;
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private Bench() {}

    /** Runs one benchmark, and writes its CSV below {@code target/bench} of the working directory. */
    public static void main(String[] arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of(arguments));
        boolean isQuick = words.remove(QUICK);
        if (words.size() != 1
                || !List.of("append", "read", "projections", "kafka").contains(words.get(0))) {
            System.err.println("dev/bench: '" + String.join(" ", arguments) + "' is no benchmark; say one of:"
                    + " append, read, projections, kafka, and " + QUICK + " for one short round");
            System.exit(2);
        }
        run(words.get(0), isQuick);
    }

    private static void run(String benchmark, boolean isQuick) throws Exception {
        Report report = new Report(isQuick ? Plan.quick() : Plan.full(), System.out, System.err);
        report.line(machine());
        if (benchmark.equals("append")) {
            AppendBench.run(report);
        } else if (benchmark.equals("projections")) {
            ProjectionBench.run(report, isQuick ? FEW_EVENTS : MANY_EVENTS);
        } else if (benchmark.equals("kafka")) {
            KafkaBench.run(report, isQuick ? FEW_MESSAGES : MESSAGES);
        } else {
            ReadBench.run(report, isQuick ? FEW_EVENTS : EVENTS);
        }
        String time = NAME.format(Clock.systemUTC().instant());
        report.writeCsv(Path.of("target", "bench", benchmark + (isQuick ? "-quick-" : "-") + time + ".csv"));
    }

    private static String machine() {
        Runtime runtime = Runtime.getRuntime();
        return System.getProperty("os.name") + " " + System.getProperty("os.arch") + ", "
                + runtime.availableProcessors()
                + " processors for client and server together, Java " + Runtime.version() + ", heap of "
                + (runtime.maxMemory() >> 20) + " MB";
    }
}
