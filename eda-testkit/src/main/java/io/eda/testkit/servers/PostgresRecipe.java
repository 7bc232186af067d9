package io.eda.testkit.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** PostgreSQL as a child process, with the durability of its own defaults: fsync is on. */
final class PostgresRecipe implements Recipe {

    static final String USER = "postgres";

    private static final Duration INIT_LIMIT = Duration.ofMinutes(1);

    /** A StartupMessage of protocol 3.0, length first, for the user and the database {@code postgres}. */
    private static final String STARTUP = "\0\0\0\51\0\3\0\0user\0postgres\0database\0postgres\0\0";

    private final PostgresBinaries binaries;
    private final Machine machine;
    private final int port;
    private final Map<String, String> settings = new LinkedHashMap<>();

    PostgresRecipe(PostgresBinaries binaries, Machine machine, ServerOptions options) {
        this.binaries = binaries;
        this.machine = machine;
        this.port = Ports.orFree(options.port());
        // Clients come over TCP; a socket file would need a short path.
        settings.put("unix_socket_directories", "");
        // In the data folder, and not under /dev/shm, where a killed server's memory would stay.
        settings.put("dynamic_shared_memory_type", "mmap");
        settings.putAll(withDefaults(options));
    }

    /** The server takes the startup message ('R', authentication) only when recovery is over; before, it says 'E'. */
    static boolean isAnswered(String host, int port) {
        return Ports.answers(host, port, STARTUP, "R");
    }

    /** The same PostgreSQL as a container. */
    static ContainerImage image(ServerOptions options) {
        List<String> command = new ArrayList<>(List.of("postgres"));
        withDefaults(options).forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        return new ContainerImage(
                "PostgreSQL",
                "postgres:18",
                5432,
                Ports.orFree(options.port()),
                Map.of("POSTGRES_HOST_AUTH_METHOD", "trust"),
                command,
                Map.of(),
                PostgresRecipe::isAnswered);
    }

    private static Map<String, String> withDefaults(ServerOptions options) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("max_connections", "200");
        settings.put("max_prepared_transactions", "50");
        settings.putAll(options.settings());
        return settings;
    }

    @Override
    public String name() {
        return "PostgreSQL from " + binaries.origin();
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void prepare(Path folder) {
        Path data = data(folder);
        if (Files.exists(data)) {
            return;
        }
        Unprivileged user = user(folder);
        try {
            // The data take their name when they are whole: an initdb that was killed half-way is done again.
            Path home = Files.createDirectories(home(folder));
            Path fresh = home.resolve("initdb");
            Commands.run(List.of("rm", "-rf", fresh.toString()), Map.of(), INIT_LIMIT);
            if (user.owner().isPresent()) {
                Files.setOwner(home, user.owner().get());
            }
            List<String> command = new ArrayList<>(user.prefix());
            command.addAll(List.of(
                    program("initdb"), "-D", fresh.toString(), "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync"));
            command.add(Machine.isMac() ? "--locale=C" : "--locale=C.UTF-8");
            Commands.runOrFail(command, Map.of("HOME", home.toString()), INIT_LIMIT);
            Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("A PostgreSQL cluster cannot be made in " + folder + ".", e);
        }
    }

    @Override
    public List<String> command(Path folder) {
        List<String> command = new ArrayList<>(user(folder).prefix());
        command.addAll(List.of(program("postgres"), "-D", data(folder).toString(), "-h", Ports.LOCAL));
        command.addAll(List.of("-p", Integer.toString(port)));
        settings.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        return command;
    }

    @Override
    public Map<String, String> environment(Path folder) {
        return Map.of("HOME", home(folder).toString());
    }

    @Override
    public boolean answers(Path folder) {
        return isAnswered(Ports.LOCAL, port);
    }

    @Override
    public Duration startLimit() {
        return Duration.ofMinutes(1);
    }

    /** The fast shutdown: it does not wait for clients. */
    @Override
    public String stopSignal() {
        return "INT";
    }

    /** The immediate shutdown: no checkpoint, but shared memory is given back. */
    @Override
    public String softSignal() {
        return "QUIT";
    }

    /** A killed postmaster leaves a System V segment of a few bytes, whose id stands in its pid file. */
    @Override
    public void discard(Path folder) {
        Path pidFile = data(folder).resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        try {
            List<String> lines = Files.readAllLines(pidFile, StandardCharsets.UTF_8);
            String[] keyAndId =
                    lines.size() < 7 ? new String[0] : lines.get(6).strip().split("\\s+");
            if (keyAndId.length == 2 && machine.program("ipcrm").isPresent()) {
                // The status says nothing: the segment is gone where the server was stopped after all.
                Commands.run(List.of("ipcrm", "-m", keyAndId[1]), Map.of(), Duration.ofSeconds(10));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The file " + pidFile + " of a killed server cannot be read.", e);
        }
    }

    private Unprivileged user(Path folder) {
        return Unprivileged.find(machine, folder, binaries.bin());
    }

    private String program(String name) {
        return binaries.bin().resolve(name).toString();
    }

    private static Path home(Path folder) {
        return folder.resolve("postgres");
    }

    private static Path data(Path folder) {
        return home(folder).resolve("data");
    }
}
