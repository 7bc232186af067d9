package io.eda.benchmarks.harness;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Runs scenarios one after the other, prints what each found, and keeps all of it for the files. */
public final class Report {

    private final PrintStream out;
    private final Comparison comparison;
    private final List<Outcome> outcomes = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();
    private final Set<String> told = new HashSet<>();

    /** Prints results to {@code out}, and to {@code progress} a line for each round. */
    public Report(Plan plan, PrintStream out, PrintStream progress) {
        this.out = out;
        this.comparison = new Comparison(plan, progress::println);
    }

    /** Prints a line that belongs to the results. */
    public void line(String text) {
        lines.add(text);
        out.println(text);
    }

    /** Runs the scenario, and prints how its systems are set up, where that was not told before, and its table. */
    public void compare(Scenario scenario) throws Exception {
        for (Contender contender : scenario.contenders()) {
            String line = contender.name() + ": " + contender.settings();
            if (told.add(line)) {
                line(line);
            }
        }
        Outcome outcome = comparison.run(scenario);
        outcomes.add(outcome);
        out.println();
        out.print(ResultTable.of(outcome));
        out.println();
    }

    /** Writes every round of every scenario so far to {@code name}.csv in {@code folder}, and charts to {@code name}.html. */
    public void writeFiles(Path folder, String name) throws IOException {
        Path csv = folder.resolve(name + ".csv");
        CsvFile.write(csv, outcomes);
        Path page = folder.resolve(name + ".html");
        Files.writeString(page, HtmlPage.of(name, lines, outcomes));
        out.println("Every round: " + csv + "; charts: " + page);
    }
}
