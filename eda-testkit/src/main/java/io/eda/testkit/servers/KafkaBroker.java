package io.eda.testkit.servers;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/** The main class of the JVM in which a Kafka broker runs: it formats the folder once, and serves until TERM. */
final class KafkaBroker {

    private KafkaBroker() {}

    /** Takes the file of the broker's properties, and the file to make when the broker is ready. */
    public static void main(String[] arguments) throws Exception {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(arguments[0]))) {
            properties.load(reader);
        }
        format(Path.of(properties.getProperty("log.dirs")), properties);
        KafkaRaftServer server = new KafkaRaftServer(KafkaConfig.fromProps(properties, false), Time.SYSTEM);
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown, "shutdown"));
        // Returns when the controller has let the broker in.
        server.startup();
        Files.createFile(Path.of(arguments[1]));
        server.awaitShutdown();
    }

    private static void format(Path folder, Properties properties) throws Exception {
        if (Files.exists(folder.resolve("meta.properties"))) {
            return;
        }
        clear(folder);
        new Formatter()
                .setPrintStream(System.out)
                .setNodeId(Integer.parseInt(properties.getProperty("node.id")))
                // Brokers of one cluster must agree on it; no broker reads a property of that name.
                .setClusterId(properties.getProperty(
                        "eda.cluster.id", Uuid.randomUuid().toString()))
                .setControllerListenerName(properties.getProperty("controller.listener.names"))
                .setMetadataLogDirectory(folder.toString())
                .addDirectory(folder.toString())
                .run();
    }

    /** What a format that was killed half-way has left. */
    private static void clear(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Commands.runOrFail(List.of("rm", "-rf", file.toString()), Map.of(), Duration.ofSeconds(10));
            }
        }
    }
}
