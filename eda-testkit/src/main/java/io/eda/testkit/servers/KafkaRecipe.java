package io.eda.testkit.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/** One Kafka broker as a child JVM, on the class path of this one. */
final class KafkaRecipe implements Recipe {

    static final String JAR = "org.apache.kafka:kafka_2.13";

    /** An ApiVersions request, version 0, correlation id 1, no client id. */
    private static final byte[] API_VERSIONS = {0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, (byte) 0xff, (byte) 0xff};

    /** The length of the answer, and the correlation id. */
    private static final int ANSWER_LENGTH = 8;

    private final ServerOptions options;
    private final int port;
    private final int controllerPort = Ports.free();

    KafkaRecipe(ServerOptions options) {
        this.options = options;
        this.port = Ports.orFree(options.port());
    }

    /** The same Kafka as a container: brokers talk on a listener inside, and clients on one outside. */
    static ContainerImage image(ServerOptions options) {
        int hostPort = Ports.orFree(options.port());
        Map<String, String> settings = single(options);
        settings.put("controller.quorum.voters", "1@localhost:9093");
        settings.put("listeners", "HOST://:9092,PLAINTEXT://localhost:29092,CONTROLLER://localhost:9093");
        settings.put(
                "advertised.listeners",
                "HOST://" + ContainerImage.HOST + ":" + hostPort + ",PLAINTEXT://localhost:29092");
        settings.put("listener.security.protocol.map", "HOST:PLAINTEXT,PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        Map<String, String> environment = new LinkedHashMap<>();
        settings.forEach((name, value) ->
                environment.put("KAFKA_" + name.toUpperCase(Locale.ROOT).replace('.', '_'), value));
        return new ContainerImage(
                "Kafka",
                "apache/kafka:4.4.0",
                9092,
                hostPort,
                environment,
                List.of(),
                Map.of(),
                KafkaRecipe::isAnswered);
    }

    @Override
    public String name() {
        return "Kafka from the jar " + JAR;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void prepare(Path folder) {
        Properties properties = new Properties();
        properties.putAll(single(options));
        properties.put("controller.quorum.voters", "1@" + Ports.LOCAL + ":" + controllerPort);
        properties.put(
                "listeners",
                "PLAINTEXT://" + Ports.LOCAL + ":" + port + ",CONTROLLER://" + Ports.LOCAL + ":" + controllerPort);
        properties.put("advertised.listeners", "PLAINTEXT://" + Ports.LOCAL + ":" + port);
        properties.put("log.dirs", home(folder).resolve("data").toString());
        // Once more, over what stands above: a broker behind a proxy, or one of several, is reached at other addresses.
        properties.putAll(options.settings());
        try {
            Files.createDirectories(home(folder).resolve("data"));
            // The predecessor's word must not be taken for the word of the one that starts now.
            Files.deleteIfExists(ready(folder));
            try (Writer writer = Files.newBufferedWriter(configuration(folder))) {
                properties.store(writer, null);
            }
            Files.writeString(home(folder).resolve("logback.xml"), Guards.resource("kafka-logback.xml"));
        } catch (IOException e) {
            throw new UncheckedIOException("Kafka cannot be made ready in " + folder + ".", e);
        }
    }

    @Override
    public List<String> command(Path folder) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // Small and quick to start: a broker for tests lives for seconds.
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                // Whichever logging the class path holds, its default may be a flood.
                "-Dlogback.configurationFile=" + home(folder).resolve("logback.xml"),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                KafkaBroker.class.getName(),
                configuration(folder).toString(),
                ready(folder).toString());
    }

    @Override
    public Map<String, String> environment(Path folder) {
        // Not an argument: the class path may be longer than what a process list should show.
        return Map.of("CLASSPATH", System.getProperty("java.class.path", ""));
    }

    /** The port answers a moment before the broker is registered with its controller; the ready file waits for that. */
    @Override
    public boolean answers(Path folder) {
        return Files.exists(ready(folder)) && isAnswered(Ports.LOCAL, port);
    }

    @Override
    public Duration startLimit() {
        return Duration.ofMinutes(1);
    }

    @Override
    public String stopSignal() {
        return "TERM";
    }

    /** A clean shutdown takes seconds, and only a kept folder would profit. */
    @Override
    public String softSignal() {
        return "KILL";
    }

    private static boolean isAnswered(String host, int port) {
        try {
            byte[] answer = Ports.ask(host, port, API_VERSIONS, ANSWER_LENGTH);
            return answer.length == ANSWER_LENGTH && answer[ANSWER_LENGTH - 1] == 1;
        } catch (IOException e) {
            return false;
        }
    }

    private static Map<String, String> single(ServerOptions options) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", "1");
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("inter.broker.listener.name", "PLAINTEXT");
        for (String topic : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            settings.put(topic + ".replication.factor", "1");
            settings.put(topic + ".num.partitions", "4");
        }
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("group.initial.rebalance.delay.ms", "0");
        // A member hears of its partitions with a heartbeat, and by default there is one in five seconds.
        for (String kind : List.of("group.consumer", "group.share")) {
            settings.put(kind + ".min.heartbeat.interval.ms", "200");
            settings.put(kind + ".heartbeat.interval.ms", "200");
            settings.put(kind + ".assignment.interval.ms", "100");
        }
        // Without these two the controller takes a killed broker for alive, and a restart waits 13 s for it.
        settings.put("broker.session.timeout.ms", "1500");
        settings.put("broker.heartbeat.interval.ms", "300");
        settings.putAll(options.settings());
        return settings;
    }

    private static Path home(Path folder) {
        return folder.resolve("kafka");
    }

    private static Path configuration(Path folder) {
        return home(folder).resolve("server.properties");
    }

    private static Path ready(Path folder) {
        return home(folder).resolve("ready");
    }
}
