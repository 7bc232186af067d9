package io.eda.testkit.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import redis.embedded.core.ExecutableProvider;

/** Redis as a child process; every write is on disk before it is confirmed. */
final class RedisRecipe implements Recipe {

    static final String JAR = "com.github.codemonstur:embedded-redis";

    /** The installed program; empty for the one from the jar, which is unpacked into the server's own folder. */
    private final Optional<Path> program;

    private final int port;
    private final Map<String, String> settings;

    private RedisRecipe(Optional<Path> program, ServerOptions options) {
        this.program = program;
        this.port = Ports.orFree(options.port());
        this.settings = durable(options);
    }

    static RedisRecipe installed(Path program, ServerOptions options) {
        return new RedisRecipe(Optional.of(program), options);
    }

    static RedisRecipe packed(ServerOptions options) {
        return new RedisRecipe(Optional.empty(), options);
    }

    /** The same Redis as a container. */
    static ContainerImage image(ServerOptions options) {
        List<String> command = new ArrayList<>(List.of("redis-server"));
        durable(options).forEach((name, value) -> command.addAll(List.of("--" + name, value)));
        return new ContainerImage(
                "Redis",
                "redis:8",
                6379,
                Ports.orFree(options.port()),
                Map.of(),
                command,
                Map.of(),
                RedisRecipe::isAnswered);
    }

    @Override
    public String name() {
        return "Redis from " + program.map(Path::toString).orElse("the jar " + JAR);
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void prepare(Path folder) {
        try {
            Files.createDirectories(data(folder));
            if (program.isEmpty() && !Files.exists(unpacked(folder))) {
                Path fresh = ExecutableProvider.newJarResourceProvider(folder.toFile())
                        .get()
                        .toPath();
                Files.move(fresh, unpacked(folder));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Redis cannot be made ready in " + folder + ".", e);
        }
    }

    @Override
    public List<String> command(Path folder) {
        List<String> command = new ArrayList<>(List.of(
                program.orElse(unpacked(folder)).toString(), "--port", Integer.toString(port), "--bind", Ports.LOCAL));
        command.addAll(List.of("--dir", data(folder).toString(), "--daemonize", "no"));
        settings.forEach((name, value) -> command.addAll(List.of("--" + name, value)));
        return command;
    }

    @Override
    public boolean answers(Path folder) {
        return isAnswered(Ports.LOCAL, port);
    }

    @Override
    public Duration startLimit() {
        return Duration.ofSeconds(30);
    }

    @Override
    public String stopSignal() {
        return "TERM";
    }

    /** While it loads its data it says -LOADING. */
    private static boolean isAnswered(String host, int port) {
        return Ports.answers(host, port, "PING\r\n", "+PONG");
    }

    private static Map<String, String> durable(ServerOptions options) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("save", "");
        settings.put("appendonly", "yes");
        settings.put("appendfsync", "always");
        settings.putAll(options.settings());
        return settings;
    }

    private static Path data(Path folder) {
        return folder.resolve("redis");
    }

    private static Path unpacked(Path folder) {
        return folder.resolve("redis-server");
    }
}
