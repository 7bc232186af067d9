package io.eda.testkit.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** One RabbitMQ node as a child process, with an epmd of its own, on loopback addresses alone. */
final class RabbitMqRecipe implements Recipe {

    /** The key of {@link ServerOptions#settings()} for the text of {@code advanced.config}. */
    static final String ADVANCED = "advanced.config";

    /** The key of {@link ServerOptions#settings()} for more plugins, separated by commas. */
    static final String PLUGINS = "plugins";

    private final RabbitMqPrograms programs;
    private final ServerOptions options;
    private final int port;
    private final int distributionPort = Ports.free();
    private final int epmdPort = Ports.free();

    RabbitMqRecipe(RabbitMqPrograms programs, ServerOptions options) {
        this.programs = programs;
        this.options = options;
        this.port = Ports.orFree(options.port());
    }

    /** The same RabbitMQ as a container. */
    static ContainerImage image(ServerOptions options) {
        return new ContainerImage(
                "RabbitMQ",
                "rabbitmq:4",
                5672,
                Ports.orFree(options.port()),
                Map.of("RABBITMQ_NODENAME", "eda@localhost"),
                List.of(),
                Map.of(
                        "/etc/rabbitmq/enabled_plugins", plugins(options),
                        "/etc/rabbitmq/conf.d/90-eda.conf", settings(options),
                        "/etc/rabbitmq/advanced.config", advanced(options)),
                RabbitMqRecipe::isAnswered);
    }

    @Override
    public String name() {
        return "RabbitMQ from " + programs.scripts();
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void prepare(Path folder) {
        try {
            Path home = Files.createDirectories(home(folder));
            Path cookie = home.resolve(".erlang.cookie");
            if (!Files.exists(cookie)) {
                Files.writeString(cookie, UUID.randomUUID().toString());
                // Erlang refuses a cookie that others may read.
                Files.setPosixFilePermissions(cookie, PosixFilePermissions.fromString("r--------"));
            }
            String listener = "listeners.tcp.1 = " + Ports.LOCAL + ":" + port + "\n";
            Files.writeString(home.resolve("rabbitmq.conf"), listener + settings(options));
            Files.writeString(home.resolve("advanced.config"), advanced(options));
            Files.writeString(home.resolve("enabled_plugins"), plugins(options));
            // An empty file: the one of the system would win over what stands in the environment.
            Files.writeString(home.resolve("rabbitmq-env.conf"), "");
        } catch (IOException e) {
            throw new UncheckedIOException("RabbitMQ cannot be made ready in " + folder + ".", e);
        }
    }

    @Override
    public List<String> command(Path folder) {
        return List.of(
                "sh",
                "-c",
                Guards.script("rabbitmq.sh"),
                "rabbitmq",
                programs.epmd().toString(),
                programs.scripts().resolve("rabbitmq-server").toString());
    }

    @Override
    public Map<String, String> environment(Path folder) {
        Path home = home(folder);
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("HOME", home.toString());
        environment.put("LANG", "C.UTF-8");
        environment.put("ERL_EPMD_PORT", Integer.toString(epmdPort));
        environment.put("ERL_EPMD_ADDRESS", Ports.LOCAL);
        environment.put("RABBITMQ_NODENAME", "eda@localhost");
        environment.put("RABBITMQ_NODE_IP_ADDRESS", Ports.LOCAL);
        environment.put("RABBITMQ_NODE_PORT", Integer.toString(port));
        environment.put("RABBITMQ_DIST_PORT", Integer.toString(distributionPort));
        environment.put("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1}");
        // To standard output, and so into the one log of every server.
        environment.put("RABBITMQ_LOGS", "-");
        file(environment, "LOG_BASE", home.resolve("log"));
        file(environment, "MNESIA_BASE", home.resolve("data"));
        file(environment, "QUORUM_DIR", home.resolve("quorum"));
        file(environment, "STREAM_DIR", home.resolve("stream"));
        file(environment, "PID_FILE", home.resolve("pid"));
        file(environment, "ENABLED_PLUGINS_FILE", home.resolve("enabled_plugins"));
        file(environment, "CONF_ENV_FILE", home.resolve("rabbitmq-env.conf"));
        file(environment, "CONFIG_FILE", home.resolve("rabbitmq.conf"));
        file(environment, "ADVANCED_CONFIG_FILE", home.resolve("advanced.config"));
        file(environment, "GENERATED_CONFIG_DIR", home.resolve("generated"));
        file(environment, "FEATURE_FLAGS_FILE", home.resolve("feature_flags"));
        return environment;
    }

    /** The port opens before the plugins and the queues are there, so the log has to say so too. */
    @Override
    public boolean answers(Path folder) {
        try {
            return isAnswered(Ports.LOCAL, port)
                    && Files.readString(folder.resolve("server.log"), StandardCharsets.ISO_8859_1)
                            .contains("Server startup complete");
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public Duration startLimit() {
        return Duration.ofMinutes(2);
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

    @Override
    public List<String> administration(List<String> command) {
        List<String> located = new ArrayList<>(command);
        located.set(0, programs.scripts().resolve(command.get(0)).toString());
        return located;
    }

    /** The protocol header of AMQP 0-9-1 is answered by connection.start: a method frame on channel 0. */
    private static boolean isAnswered(String host, int port) {
        return Ports.answers(host, port, "AMQP\0\0\11\1", "\1\0\0");
    }

    private static void file(Map<String, String> environment, String name, Path path) {
        environment.put("RABBITMQ_" + name, path.toString());
    }

    private static String plugins(ServerOptions options) {
        String more = options.settings().getOrDefault(PLUGINS, "");
        return "[rabbitmq_consistent_hash_exchange" + (more.isEmpty() ? "" : "," + more) + "].\n";
    }

    private static String advanced(ServerOptions options) {
        return options.settings().getOrDefault(ADVANCED, "[].") + "\n";
    }

    private static String settings(ServerOptions options) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("loopback_users", "none");
        // The default is relative to the machine's memory, and a full laptop would block every publisher.
        settings.put("disk_free_limit.absolute", "50MB");
        settings.putAll(options.settings());
        settings.remove(ADVANCED);
        settings.remove(PLUGINS);
        StringBuilder text = new StringBuilder();
        settings.forEach(
                (name, value) -> text.append(name).append(" = ").append(value).append('\n'));
        return text.toString();
    }

    private static Path home(Path folder) {
        return folder.resolve("rabbitmq");
    }
}
