package io.eda.samples.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the dashboard asks Prometheus. */
public final class Queries {

    private static final Path DASHBOARD = Path.of("..", "docs", "grafana-dashboard.json");

    private Queries() {}

    /** Returns every query of the dashboard, those of its variables included. */
    public static List<String> ofTheDashboard() {
        JsonNode dashboard = dashboard();
        Stream<String> panels = dashboard
                .path("panels")
                .valueStream()
                .flatMap(panel -> panel.path("targets").valueStream())
                .map(target -> target.path("expr").stringValue());
        Stream<String> variables = dashboard
                .path("templating")
                .path("list")
                .valueStream()
                .filter(variable -> variable.path("type").stringValue().equals("query"))
                .map(variable -> variable.path("query").path("query").stringValue());
        return Stream.concat(panels, variables).toList();
    }

    /** Returns the metrics of this project that {@code query} asks for. */
    public static Set<String> metrics(String query) {
        return Series.asked(query);
    }

    /** Returns the metrics that a scrape holds. */
    public static Set<String> metricsOf(String scrape) {
        return Series.of(scrape).labels().keySet();
    }

    static JsonNode dashboard() {
        try {
            return JsonMapper.shared().readTree(Files.readString(DASHBOARD));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
