package io.eda.samples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The dashboard and the alerts ask for meters that the table has, by the names, tags and values that it has. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DashboardTest {

    private static final Path DOCS = Path.of("..", "docs");
    private static final Pattern ALERT =
            Pattern.compile("- alert: (\\w+)\n(.*?)(?=\n      - alert: |\\z)", Pattern.DOTALL);
    private static final Pattern EXPR = Pattern.compile("^ +expr: (.+)$", Pattern.MULTILINE);

    private final Series known = MeterTable.read(read("meters.md")).scraped();

    @Test
    void the_table_is_read_as_prometheus_would_see_it() {
        assertThat(MeterTable.read(read("meters.md")).size()).isGreaterThan(40);
        assertThat(known.labels())
                .containsKeys(
                        "eda_store_append_seconds_count",
                        "eda_store_append_seconds_max",
                        "eda_projection_lag_events",
                        "eda_bus_dead_letters_total");
        assertThat(known.labels().get("eda_bus_handle_seconds_count"))
                .containsEntry("outcome", Set.of("handled", "failed"))
                .containsEntry("group", Set.of(Series.ANY));
    }

    @Test
    void a_query_for_what_there_is_not_is_found_out() {
        assertThat(known.missing("rate(eda_bus_handled_total[5m])")).containsExactly("eda_bus_handled_total");
        assertThat(known.missing("eda_bus_handle_seconds_count{outcome=\"lost\"}"))
                .hasSize(1);
        assertThat(known.missing("eda_bus_handle_seconds_count{outcome=~\"failed|lost\"}"))
                .hasSize(1);
        assertThat(known.missing("sum by (topic) (eda_bus_handle_seconds_count)"))
                .containsExactly("by (topic)");
        assertThat(known.missing("sum by (job, group) (eda_bus_handle_seconds_count{outcome=~\"failed|handled\"})"))
                .isEmpty();
    }

    @Test
    void every_query_of_the_dashboard_finds_what_it_asks_for() {
        List<String> queries = Queries.ofTheDashboard();
        assertThat(queries).hasSizeGreaterThan(40).allSatisfy(query -> {
            assertThat(Series.asked(query)).as(query).isNotEmpty();
            assertThat(known.missing(query)).as(query).isEmpty();
        });
    }

    @Test
    void every_meter_of_the_table_is_on_the_dashboard_or_named_here() {
        // What another one tells better on a graph: where a position is, and a rate that Prometheus can work out.
        Set<String> unseen = new TreeSet<>(Set.of(
                "eda_projection_position",
                "eda_projection_rate",
                "eda_relay_position",
                "eda_relay_rate",
                "eda_relay_shards"));
        Set<String> asked = new HashSet<>();
        Queries.ofTheDashboard().forEach(query -> asked.addAll(Series.asked(query)));
        Set<String> absent = new TreeSet<>();
        for (String name : known.labels().keySet()) {
            String base = name.replaceAll("_(count|sum|max)$", "");
            if (asked.stream()
                    .noneMatch(query -> query.equals(name)
                            || query.replaceAll("_(count|sum|max)$", "").equals(base))) {
                absent.add(base);
            }
        }
        assertThat(absent).isEqualTo(unseen);
    }

    @Test
    void panels_have_ids_of_their_own_and_do_not_overlap() {
        List<JsonNode> panels = Queries.dashboard().path("panels").valueStream().toList();
        assertThat(panels).extracting(panel -> panel.path("id").intValue()).doesNotHaveDuplicates();
        Set<String> cells = new HashSet<>();
        for (JsonNode panel : panels) {
            JsonNode at = panel.path("gridPos");
            for (int x = at.path("x").intValue();
                    x < at.path("x").intValue() + at.path("w").intValue();
                    x++) {
                for (int y = at.path("y").intValue();
                        y < at.path("y").intValue() + at.path("h").intValue();
                        y++) {
                    assertThat(cells.add(x + "/" + y))
                            .as(panel.path("title").stringValue())
                            .isTrue();
                }
            }
        }
    }

    @Test
    void every_alert_finds_what_it_asks_for_and_says_what_to_do() {
        List<MatchResult> alerts =
                ALERT.matcher(read("prometheus-rules.yml")).results().toList();
        assertThat(alerts)
                .hasSizeGreaterThan(10)
                .extracting(alert -> alert.group(1))
                .doesNotHaveDuplicates();
        assertThat(alerts).allSatisfy(alert -> {
            List<String> expressions = EXPR.matcher(alert.group(2))
                    .results()
                    .map(found -> found.group(1))
                    .toList();
            assertThat(expressions).as(alert.group(1)).hasSize(1);
            assertThat(Series.asked(expressions.get(0))).as(alert.group(1)).isNotEmpty();
            assertThat(known.missing(expressions.get(0))).as(alert.group(1)).isEmpty();
            assertThat(alert.group(2))
                    .containsPattern("severity: (page|ticket)")
                    .contains("summary: ", "hint: ");
            assertThat(read("operations.md")).contains("`" + alert.group(1) + "`");
        });
    }

    private static String read(String document) {
        try {
            return Files.readString(DOCS.resolve(document));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
