package io.eda.benchmarks.rabbitmq;

import io.eda.benchmarks.harness.Contender;
import io.eda.benchmarks.harness.Operation;
import io.eda.benchmarks.harness.Session;
import io.eda.benchmarks.rabbitmq.Broker.Place;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * RabbitMQ's own load generator in a process of its own, with the same messages, whose figures are taken from what it prints every second.
 * Its processor time and memory are not counted.
 */
record PerfTest(Broker broker, String classPath, int window) {

    static final String NAME = "perf-test";

    /** The system property that names its class path; {@code dev/bench} finds it. */
    static final String CLASS_PATH = "eda.bench.perfTest";

    private static final int LONGEST_SECONDS = 120;
    private static final Pattern CONFIRMED = Pattern.compile("confirmed: (\\d+) msg/s");

    Contender contender() {
        return new Contender(NAME, "com.rabbitmq:perf-test, one producer, confirms, window " + window, 1, this::open);
    }

    private Session open() throws Exception {
        Place place = broker.freshPlace();
        Process process =
                new ProcessBuilder(command(place)).redirectErrorStream(true).start();
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        return new Session() {
            @Override
            public Operation caller(int index) throws Exception {
                // Its first second counts for nobody.
                int unused = next(lines);
                return watch -> next(lines);
            }

            @Override
            public void close() throws Exception {
                process.destroy();
                if (!process.waitFor(10, TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor();
                }
                broker.remove(place);
            }
        };
    }

    /** Waits for its next line, and returns how many messages were confirmed in the second before. */
    private static int next(BufferedReader lines) throws Exception {
        List<String> read = new ArrayList<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Matcher confirmed = CONFIRMED.matcher(line);
            if (confirmed.find()) {
                return Integer.parseInt(confirmed.group(1));
            }
            read.add(line);
        }
        throw new IllegalStateException("perf-test has ended, and said: " + String.join("\n", read));
    }

    private List<String> command(Place place) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String properties = Sample.properties(1).getHeaders().entrySet().stream()
                .map(PerfTest::property)
                .collect(Collectors.joining(","));
        return List.of(
                java,
                "-Xms512m",
                "-Xmx512m",
                "-cp",
                classPath,
                "com.rabbitmq.perf.PerfTest",
                "--uri",
                broker.uri(),
                "--producers",
                "1",
                "--consumers",
                "0",
                "--predeclared",
                "--exchange",
                place.exchange(),
                "--routing-key",
                Sample.TYPE,
                "--flag",
                "persistent",
                "--flag",
                "mandatory",
                "--size",
                Integer.toString(Sample.BODY.length),
                "--message-properties",
                properties + ",contentType=application/json,appId=/bench,messageId=message-1,type=" + Sample.TYPE,
                "--confirm",
                Integer.toString(window),
                "--interval",
                "1",
                "--time",
                Integer.toString(LONGEST_SECONDS));
    }

    private static String property(Map.Entry<String, Object> header) {
        return header.getKey() + "=" + header.getValue();
    }
}
