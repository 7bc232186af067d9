package io.eda.samples.docs;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a scrape holds, and what a query asks of it.
 *
 * @param labels the labels of each metric, and the values that each of them has
 */
record Series(Map<String, Map<String, Set<String>>> labels) {

    /** Stands for every value. */
    static final String ANY = "anything";

    private static final Pattern SAMPLE = Pattern.compile("^([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? \\S+$", Pattern.MULTILINE);
    private static final Pattern LABEL = Pattern.compile("(\\w+)\\s*(=~|=|!=|!~)\\s*\"([^\"]*)\"");
    private static final Pattern ASKED = Pattern.compile("\\b(eda_\\w+)\\b(?:\\{([^}]*)})?");
    private static final Pattern GROUPED = Pattern.compile("\\bby \\(([^)]*)\\)");
    private static final Pattern COMMA = Pattern.compile(",");
    private static final Pattern BAR = Pattern.compile("\\|");
    // What Prometheus itself adds when it scrapes.
    private static final Set<String> ADDED = Set.of("job", "instance");

    static Series of(String scrape) {
        Map<String, Map<String, Set<String>>> found = new HashMap<>();
        Matcher sample = SAMPLE.matcher(scrape);
        while (sample.find()) {
            Map<String, Set<String>> of = found.computeIfAbsent(sample.group(1), name -> new HashMap<>());
            if (sample.group(2) != null) {
                LABEL.matcher(sample.group(2)).results().forEach(label -> of.computeIfAbsent(
                                label.group(1), name -> new HashSet<>())
                        .add(label.group(3)));
            }
        }
        return new Series(found);
    }

    /** Returns the metrics of this project that {@code query} asks for. */
    static Set<String> asked(String query) {
        Set<String> names = new TreeSet<>();
        ASKED.matcher(query).results().forEach(found -> names.add(found.group(1)));
        return names;
    }

    /** Returns what {@code query} asks for and would not find: metrics, labels, and values of labels. */
    Set<String> missing(String query) {
        Set<String> missing = new TreeSet<>();
        Set<String> known = new HashSet<>(ADDED);
        Matcher asked = ASKED.matcher(query);
        while (asked.find()) {
            Map<String, Set<String>> of = labels.get(asked.group(1));
            if (of == null) {
                missing.add(asked.group(1));
                continue;
            }
            known.addAll(of.keySet());
            if (asked.group(2) != null) {
                LABEL.matcher(asked.group(2)).results().forEach(label -> {
                    if (!has(of, label.group(1), label.group(2), label.group(3))) {
                        missing.add(asked.group(1) + "{" + label.group() + "}");
                    }
                });
            }
        }
        GROUPED.matcher(query).results().forEach(by -> {
            COMMA.splitAsStream(by.group(1))
                    .map(String::strip)
                    .filter(label -> !known.contains(label))
                    .forEach(label -> missing.add("by (" + label + ")"));
        });
        return missing;
    }

    private static boolean has(Map<String, Set<String>> of, String label, String operator, String value) {
        if (ADDED.contains(label)) {
            return true;
        }
        Set<String> values = of.getOrDefault(label, Set.of());
        if (values.contains(ANY)) {
            return true;
        }
        if (operator.equals("=")) {
            return values.contains(value);
        }
        // Every alternative must be one that there is: a misspelt one would never fire.
        return BAR.splitAsStream(value)
                .allMatch(alternative -> values.stream().anyMatch(there -> there.matches(alternative)));
    }
}
