package io.eda.benchmarks.harness;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Writes an outcome for people: medians with their spread, ratios to each reference, goals. */
public final class ResultTable {

    private ResultTable() {}

    /** Returns the table, with a line break at the end of each line. */
    public static String of(Outcome outcome) {
        StringBuilder text = new StringBuilder();
        text.append(outcome.scenario().name())
                .append(" (medians of ")
                .append(outcome.plan())
                .append(")\n");
        List<List<String>> rows = new ArrayList<>();
        rows.add(titles(outcome.scenario()));
        outcome.scenario().contenders().forEach(contender -> rows.add(cells(outcome, contender)));
        appendAligned(text, rows);
        if (outcome.measurements().stream().anyMatch(Measurement::repeated)) {
            text.append("* rounds disturbed by more than ")
                    .append(Math.round(Comparison.DISTURBED_PERCENT))
                    .append(" % steal were repeated; the less disturbed counts\n");
        }
        outcome.scenario()
                .goals()
                .forEach(goal -> text.append("- ").append(goal.verdict(outcome)).append('\n'));
        return text.toString();
    }

    private static List<String> titles(Scenario scenario) {
        List<String> titles = new ArrayList<>(List.of("system", "callers", "events/s", "min..max"));
        titles.add(Quantity.P50_MILLIS.title());
        titles.add(Quantity.P99_MILLIS.title());
        titles.add(Quantity.CPU_MICROS.title());
        titles.add(Quantity.ALLOCATED_BYTES.title());
        titles.add("steal %");
        scenario.references().forEach(reference -> titles.add("÷ " + reference));
        return titles;
    }

    private static List<String> cells(Outcome outcome, Contender contender) {
        String name = contender.name();
        Spread speed = outcome.spread(name, Quantity.EVENTS_PER_SECOND);
        List<String> cells = new ArrayList<>(List.of(name, Integer.toString(contender.callers())));
        cells.add(Quantity.EVENTS_PER_SECOND.text(speed.median()));
        cells.add(Quantity.EVENTS_PER_SECOND.text(speed.min()) + ".." + Quantity.EVENTS_PER_SECOND.text(speed.max()));
        for (Quantity quantity :
                List.of(Quantity.P50_MILLIS, Quantity.P99_MILLIS, Quantity.CPU_MICROS, Quantity.ALLOCATED_BYTES)) {
            cells.add(quantity.text(outcome.spread(name, quantity).median()));
        }
        cells.add(steal(outcome.of(name)));
        for (String reference : outcome.scenario().references()) {
            cells.add(String.format(Locale.ROOT, "%.2f", outcome.ratio(name, reference)));
        }
        return cells;
    }

    /** The worst round counts: a median would hide it. */
    private static String steal(List<Measurement> rounds) {
        String worst = rounds.stream()
                .map(Measurement::used)
                .max(Comparator.comparingDouble(Usage::stolenPercent))
                .map(Usage::stolenText)
                .orElseThrow();
        String mark = rounds.stream().anyMatch(Measurement::repeated) ? "*" : "";
        return worst + mark;
    }

    private static void appendAligned(StringBuilder text, List<List<String>> rows) {
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                int column = i;
                int width = rows.stream()
                        .mapToInt(other -> other.get(column).length())
                        .max()
                        .orElse(0);
                String padding = " ".repeat(width - row.get(i).length());
                // Names begin at the left, numbers end at the right.
                line.append(i == 0 ? row.get(i) + padding : "  " + padding + row.get(i));
            }
            text.append(line).append('\n');
        }
    }
}
