package io.eda.benchmarks.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes every round of every contender as comma-separated values, for whoever wants to calculate on. */
public final class CsvFile {

    private static final String TITLES = "scenario,system,callers,round,seconds,events,events_per_second,p50_ms,p99_ms,"
            + "cpu_us_per_event,bytes_per_event,steal_percent,repeated";

    private CsvFile() {}

    /** Writes {@code outcomes} to {@code file}, making its folder where it is missing. */
    public static void write(Path file, List<Outcome> outcomes) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, lines(outcomes));
    }

    static List<String> lines(List<Outcome> outcomes) {
        List<String> lines = new ArrayList<>(List.of(TITLES));
        for (Outcome outcome : outcomes) {
            for (Contender contender : outcome.scenario().contenders()) {
                for (Measurement measurement : outcome.of(contender.name())) {
                    lines.add(line(outcome.scenario().name(), contender, measurement));
                }
            }
        }
        return lines;
    }

    private static String line(String scenario, Contender contender, Measurement measurement) {
        List<String> fields = List.of(
                scenario,
                contender.name(),
                Integer.toString(contender.callers()),
                Integer.toString(measurement.round()),
                number(measurement.time().toMillis() / 1000.0),
                Long.toString(measurement.events()),
                number(measurement.eventsPerSecond()),
                number(measurement.p50Millis()),
                number(measurement.p99Millis()),
                number(measurement.cpuMicrosPerEvent()),
                number(measurement.bytesPerEvent()),
                number(measurement.used().stolenPercent()),
                Boolean.toString(measurement.repeated()));
        return fields.stream().map(CsvFile::quoted).collect(Collectors.joining(","));
    }

    /** What is not known stays empty. */
    private static String number(double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.3f", value);
    }

    /** RFC 4180: quotes around what holds a comma, a quote or a line break, quotes inside doubled. */
    private static String quoted(String field) {
        boolean isPlain = field.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return isPlain ? field : '"' + field.replace("\"", "\"\"") + '"';
    }
}
