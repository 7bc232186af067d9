package io.eda.testkit.servers;

import io.eda.testkit.servers.ServerOptions.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The main class behind {@code dev/servers}: one server of each kind on a fixed port, with data that stay, until TERM.
 *
 * <p>Takes the folder for the data. Writes the file {@code ready} there once every server answers: what runs where, and the
 * environment variables that point tests at it.
 */
final class DevServers {

    private static final int POSTGRES_PORT = 15_432;
    private static final int RABBITMQ_PORT = 15_682;
    private static final int KAFKA_PORT = 19_092;
    private static final int REDIS_PORT = 16_379;

    private final Path folder;
    private final List<RealServer> servers = new ArrayList<>();
    private final List<String> report = new ArrayList<>();
    private final List<String> exports = new ArrayList<>();

    private DevServers(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        DevServers all = new DevServers(Path.of(arguments[0]).toAbsolutePath());
        Runtime.getRuntime().addShutdownHook(new Thread(all::stop, "stop"));
        all.start();
        Thread.currentThread().join();
    }

    private void start() throws IOException {
        start(
                "postgres",
                POSTGRES_PORT,
                RealServers::dedicatedPostgres,
                postgres -> export("POSTGRES_URL", postgres.jdbcUrl()));
        start(
                "rabbitmq",
                RABBITMQ_PORT,
                RealServers::dedicatedRabbitMq,
                rabbit -> export("RABBITMQ_URI", rabbit.uri()));
        start(
                "kafka",
                KAFKA_PORT,
                RealServers::dedicatedKafka,
                kafka -> export("KAFKA_BOOTSTRAP", kafka.bootstrapServers()));
        start("redis", REDIS_PORT, RealServers::dedicatedRedis, redis -> export("REDIS_URI", redis.uri()));
        report.addAll(exports);
        // Moved into place: who waits for the file never reads half of it.
        Path fresh = Files.write(folder.resolve("ready.new"), report);
        Files.move(fresh, folder.resolve("ready"), StandardCopyOption.ATOMIC_MOVE);
    }

    private synchronized <S extends RealServer> void start(
            String name, int port, Function<ServerOptions, S> starter, Function<S, String> export) {
        ServerOptions options =
                ServerOptions.from(Source.AUTOMATIC).withPort(port).withFolder(folder.resolve(name));
        try {
            S server = starter.apply(options);
            servers.add(server);
            report.add(server.toString());
            exports.add(export.apply(server));
        } catch (IllegalStateException e) {
            // The others are of use without it.
            report.add(name + " does not run: " + e.getMessage());
        }
    }

    private synchronized void stop() {
        servers.forEach(RealServer::close);
    }

    private static String export(String variable, String value) {
        return "export EDA_" + variable + "='" + value + "'";
    }
}
