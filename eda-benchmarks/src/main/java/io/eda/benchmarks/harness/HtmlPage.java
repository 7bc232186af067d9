package io.eda.benchmarks.harness;

import java.util.List;
import java.util.Locale;

/** Outcomes as one page that needs nothing else: a bar for the median throughput of each system, its spread, and the tables. */
final class HtmlPage {

    private static final int BAR_WIDTH = 560;

    private static final String HEAD =
            """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>%1$s</title>
            <style>
            body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1c2330; }
            h2 { margin: 2.5rem 0 .5rem; font-size: 1.15rem; }
            svg { display: block; width: 100%%; height: auto; }
            .name, .value { font-size: 13px; fill: currentColor; }
            .bar { fill: #9db4cf; } .own { fill: #1f6f54; } .spread { stroke: currentColor; stroke-width: 1.5; }
            pre { overflow-x: auto; font-size: 12.5px; background: #f4f6f8; padding: .75rem; border-radius: 6px; }
            @media (prefers-color-scheme: dark) { body { background: #14181f; color: #dbe2ea; } pre { background: #1d232c; } }
            </style>
            </head>
            <body>
            <h1>%1$s</h1>
            """;

    private HtmlPage() {}

    /** Returns the page of {@code outcomes} under a title, with what was said about the systems before. */
    static String of(String title, List<String> lines, List<Outcome> outcomes) {
        StringBuilder page = new StringBuilder(HEAD.formatted(escaped(title)));
        page.append("<pre>").append(escaped(String.join("\n", lines))).append("</pre>\n");
        for (Outcome outcome : outcomes) {
            page.append("<h2>").append(escaped(outcome.scenario().name())).append("</h2>\n");
            page.append(chart(outcome));
            page.append("<pre>").append(escaped(ResultTable.of(outcome))).append("</pre>\n");
        }
        return page.append("</body>\n</html>\n").toString();
    }

    private static String chart(Outcome outcome) {
        List<Contender> contenders = outcome.scenario().contenders();
        double most = contenders.stream()
                .mapToDouble(contender -> speed(outcome, contender).max())
                .max()
                .orElse(1);
        StringBuilder chart = new StringBuilder(
                String.format(Locale.ROOT, "<svg viewBox=\"0 0 900 %d\" role=\"img\">%n", contenders.size() * 30 + 4));
        for (int i = 0; i < contenders.size(); i++) {
            Contender contender = contenders.get(i);
            chart.append(bar(contender.name(), speed(outcome, contender), most, i * 30 + 4));
        }
        return chart.append("</svg>\n").toString();
    }

    private static Spread speed(Outcome outcome, Contender contender) {
        return outcome.spread(contender.name(), Quantity.EVENTS_PER_SECOND);
    }

    private static String bar(String name, Spread speed, double most, int top) {
        return String.format(
                Locale.ROOT,
                """
                <text class="name" x="0" y="%1$d">%2$s</text>
                <rect class="bar%3$s" x="210" y="%4$d" width="%5$.1f" height="20"/>
                <line class="spread" x1="%6$.1f" x2="%7$.1f" y1="%8$d" y2="%8$d"/>
                <text class="value" x="%9$.1f" y="%1$d">%10$s events/s</text>
                """,
                top + 15,
                escaped(name),
                name.startsWith("eda") ? " own" : "",
                top,
                width(speed.median(), most),
                210 + width(speed.min(), most),
                210 + width(speed.max(), most),
                top + 10,
                216 + width(speed.max(), most),
                Quantity.EVENTS_PER_SECOND.text(speed.median()));
    }

    private static double width(double value, double most) {
        return most > 0 ? value / most * BAR_WIDTH : 0;
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
