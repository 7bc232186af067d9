package io.eda.samples.docs;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The table of {@code docs/meters.md}, as Prometheus would see it. */
final class MeterTable {

    // The table of traces looks alike, and its rows are of none of these.
    private static final Set<String> TYPES = Set.of("timer", "counter", "summary", "gauge");
    private static final Pattern BAR = Pattern.compile("\\|");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

    private final List<Row> rows;

    private MeterTable(List<Row> rows) {
        this.rows = rows;
    }

    static MeterTable read(String markdown) {
        return new MeterTable(markdown.lines()
                .filter(line -> line.startsWith("| `eda."))
                .map(line -> BAR.splitAsStream(line).map(String::strip).toList())
                .filter(cells -> TYPES.contains(cells.get(2)))
                .map(cells -> new Row(cells.get(1).replace("`", ""), cells.get(2), cells.get(3), tags(cells.get(4))))
                .toList());
    }

    int size() {
        return rows.size();
    }

    /** Returns what Prometheus would scrape if each meter were there with each of its tags' values. */
    Series scraped() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        rows.forEach(row -> combinations(row.tags).forEach(tags -> register(row, tags, registry)));
        return Series.of(registry.scrape());
    }

    private static void register(Row row, List<Tag> tags, MeterRegistry registry) {
        switch (row.type) {
            case "timer" -> Timer.builder(row.name).tags(tags).register(registry);
            case "counter" ->
                Counter.builder(row.name).tags(tags).baseUnit(unit(row)).register(registry);
            case "summary" ->
                DistributionSummary.builder(row.name)
                        .tags(tags)
                        .baseUnit(unit(row))
                        .register(registry);
            case "gauge" ->
                Gauge.builder(row.name, () -> 1).tags(tags).baseUnit(unit(row)).register(registry);
            default -> throw new IllegalStateException(row.name + " is a '" + row.type + "', which no meter is");
        }
    }

    private static @Nullable String unit(Row row) {
        return row.unit.isEmpty() ? null : row.unit;
    }

    /** From {@code `group`, `outcome` = `handled`, `failed`}. */
    private static List<Values> tags(String cell) {
        List<Values> tags = new ArrayList<>();
        Matcher quoted = QUOTED.matcher(cell);
        boolean isValue = false;
        int end = 0;
        while (quoted.find()) {
            String between = cell.substring(end, quoted.start());
            isValue = between.contains("=") || isValue;
            if (isValue) {
                tags.get(tags.size() - 1).values.add(quoted.group(1));
            } else {
                tags.add(new Values(quoted.group(1), new ArrayList<>()));
            }
            end = quoted.end();
        }
        return tags;
    }

    private static List<List<Tag>> combinations(List<Values> tags) {
        List<List<Tag>> all = List.of(List.of());
        for (Values tag : tags) {
            List<List<Tag>> longer = new ArrayList<>();
            for (List<Tag> begun : all) {
                for (String value : tag.values.isEmpty() ? List.of(Series.ANY) : tag.values) {
                    List<Tag> more = new ArrayList<>(begun);
                    more.add(Tag.of(tag.name, value));
                    longer.add(more);
                }
            }
            all = longer;
        }
        return all;
    }

    /** A meter as the table has it. */
    private record Row(String name, String type, String unit, List<Values> tags) {}

    /** A tag and what it can be; everything, where the table names no value. */
    private record Values(String name, List<String> values) {}
}
