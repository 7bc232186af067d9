package io.eda.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ReportedFiguresTest {

    private final Outcome outcome =
            Samples.outcome(List.of(Goal.atLeast(3, "fast", Quantity.EVENTS_PER_SECOND, "slow")));

    @Test
    void the_table_has_medians_spreads_ratios_and_verdicts() {
        assertThat(ResultTable.of(outcome))
                .isEqualTo(
                        """
                reads, "hot" (medians of 3 rounds of 2.0 s after 0.0 s)
                system  callers  events/s       min..max  p50 ms  p99 ms  CPU µs/event  bytes/event  steal %  ÷ slow
                slow          4     1,000     300..1,200   0.500  10.000           4.0          100        –    1.00
                fast          4     4,000  3,500..10,000   0.500   2.000           4.0          100      3.0    4.00
                - events/s of fast against slow: 4.00×, asked for at least 3.00×: reached
                """);
    }

    @Test
    void a_repeated_round_is_marked_and_explained() {
        List<Measurement> measurements = new ArrayList<>(outcome.measurements());
        measurements.add(Samples.measurement("fast", 4, 8_000, 2, 6).asRepetition());
        String table = ResultTable.of(new Outcome(outcome.scenario(), outcome.plan(), measurements));
        assertThat(table)
                .contains("     6.0*    ")
                .contains("* rounds disturbed by more than 5 % steal were repeated; the less disturbed counts\n");
    }

    @Test
    void the_csv_has_a_line_for_every_round_and_quotes_what_needs_it(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("made/by/it.csv");
        CsvFile.write(file, List.of(outcome));
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(1 + 2 * 3);
        assertThat(lines.get(0))
                .isEqualTo(
                        "scenario,system,callers,round,seconds,events,events_per_second,p50_ms,p99_ms,cpu_us_per_event,"
                                + "bytes_per_event,steal_percent,repeated");
        assertThat(lines.get(1))
                .isEqualTo("\"reads, \"\"hot\"\"\",slow,4,1,2.000,2000,1000.000,0.500,10.000,4.000,100.000,,false");
        assertThat(lines.get(6)).endsWith("fast,4,3,2.000,20000,10000.000,0.500,2.000,4.000,100.000,3.000,false");
    }

    @Test
    void the_page_has_a_bar_for_every_system_and_needs_nothing_from_elsewhere() {
        String page = HtmlPage.of("reads <all>", List.of("fsync on"), List.of(outcome));
        // The best round of the fastest has the whole width, 560: its median is two fifths of that, a tenth the slow
        // one.
        assertThat(page)
                .contains("<h1>reads &lt;all&gt;</h1>", "<pre>fsync on</pre>", "reads, &quot;hot&quot;")
                .contains("width=\"224.0\"", "width=\"56.0\"", "4,000 events/s", "1,000 events/s")
                .contains("slow          4     1,000     300..1,200")
                .doesNotContain("http", "src=", "<script");
    }
}
