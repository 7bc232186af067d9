package io.eda.broker.rabbitmq;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.eda.testkit.servers.RealServers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A cluster of three RabbitMQ nodes on this machine, whose members can be killed. Ends with this process. */
final class ThreeNodes implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofMinutes(3);

    private final Path scripts = scripts();
    private final Path folder;
    private final int epmdPort = RealServers.freePort();
    private final List<Integer> ports =
            IntStream.range(0, 3).mapToObj(i -> RealServers.freePort()).toList();
    private final List<Integer> distributionPorts =
            IntStream.range(0, 3).mapToObj(i -> RealServers.freePort()).toList();
    private final List<Process> processes = new ArrayList<>();

    private ThreeNodes(Path folder) {
        this.folder = folder;
    }

    static ThreeNodes start() throws Exception {
        ThreeNodes nodes = new ThreeNodes(Files.createTempDirectory("eda-three-nodes"));
        Runtime.getRuntime().addShutdownHook(new Thread(nodes::close, "end of the cluster"));
        nodes.startEpmd();
        for (int i = 0; i < 3; i++) {
            nodes.prepare(i);
            nodes.startNode(i);
        }
        for (int i = 0; i < 3; i++) {
            nodes.awaitNode(i);
        }
        return nodes;
    }

    List<Address> addresses() {
        return ports.stream().map(port -> new Address("127.0.0.1", port)).toList();
    }

    /** Kills the node as a crash does. */
    void kill(int node) throws Exception {
        ProcessHandle.of(pid(node)).ifPresent(ProcessHandle::destroyForcibly);
        while (ProcessHandle.of(pid(node)).filter(ThreeNodes::isRunning).isPresent()) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    void restart(int node) throws Exception {
        startNode(node);
        awaitNode(node);
    }

    private static boolean isRunning(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"), StandardCharsets.ISO_8859_1);
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException e) {
            return false;
        }
    }

    private void startEpmd() throws IOException {
        processes.add(new ProcessBuilder("epmd", "-port", "" + epmdPort, "-address", "127.0.0.1")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("epmd.log").toFile())
                .start());
    }

    private void prepare(int node) throws IOException {
        Path home = Files.createDirectories(home(node));
        Path cookie = home.resolve(".erlang.cookie");
        Files.writeString(cookie, "three-nodes");
        Files.setPosixFilePermissions(cookie, PosixFilePermissions.fromString("r--------"));
        StringBuilder conf = new StringBuilder(
                """
                loopback_users = none
                disk_free_limit.absolute = 50MB
                cluster_formation.peer_discovery_backend = classic_config
                cluster_partition_handling = ignore
                """);
        for (int i = 0; i < 3; i++) {
            conf.append("cluster_formation.classic_config.nodes." + (i + 1) + " = " + name(i) + "\n");
        }
        conf.append("listeners.tcp.1 = 127.0.0.1:" + ports.get(node) + "\n");
        Files.writeString(home.resolve("rabbitmq.conf"), conf);
        Files.writeString(home.resolve("advanced.config"), "[].\n");
        Files.writeString(home.resolve("rabbitmq-env.conf"), "");
        Files.writeString(home.resolve("enabled_plugins"), "[rabbitmq_consistent_hash_exchange].\n");
    }

    private void startNode(int node) throws IOException {
        Files.deleteIfExists(home(node).resolve("log.txt"));
        ProcessBuilder builder = new ProcessBuilder(
                        scripts.resolve("rabbitmq-server").toString())
                .redirectErrorStream(true)
                .redirectOutput(home(node).resolve("log.txt").toFile());
        builder.environment().putAll(environment(node));
        processes.add(builder.start());
    }

    private Map<String, String> environment(int node) {
        Path home = home(node);
        return Map.ofEntries(
                Map.entry("HOME", home.toString()),
                Map.entry("LANG", "C.UTF-8"),
                Map.entry("ERL_EPMD_PORT", "" + epmdPort),
                Map.entry("ERL_EPMD_ADDRESS", "127.0.0.1"),
                Map.entry("RABBITMQ_NODENAME", name(node)),
                Map.entry("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1"),
                Map.entry("RABBITMQ_NODE_PORT", "" + ports.get(node)),
                Map.entry("RABBITMQ_DIST_PORT", "" + distributionPorts.get(node)),
                Map.entry(
                        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
                        "-kernel inet_dist_use_interface {127,0,0,1} -kernel net_ticktime 5"),
                Map.entry("RABBITMQ_LOGS", "-"),
                Map.entry("RABBITMQ_LOG_BASE", home.resolve("log").toString()),
                Map.entry("RABBITMQ_MNESIA_BASE", home.resolve("data").toString()),
                Map.entry("RABBITMQ_QUORUM_DIR", home.resolve("quorum").toString()),
                Map.entry("RABBITMQ_STREAM_DIR", home.resolve("stream").toString()),
                Map.entry("RABBITMQ_PID_FILE", home.resolve("pid").toString()),
                Map.entry(
                        "RABBITMQ_ENABLED_PLUGINS_FILE",
                        home.resolve("enabled_plugins").toString()),
                Map.entry(
                        "RABBITMQ_CONF_ENV_FILE",
                        home.resolve("rabbitmq-env.conf").toString()),
                Map.entry("RABBITMQ_CONFIG_FILE", home.resolve("rabbitmq.conf").toString()),
                Map.entry(
                        "RABBITMQ_ADVANCED_CONFIG_FILE",
                        home.resolve("advanced.config").toString()),
                Map.entry(
                        "RABBITMQ_GENERATED_CONFIG_DIR",
                        home.resolve("generated").toString()),
                Map.entry(
                        "RABBITMQ_FEATURE_FLAGS_FILE",
                        home.resolve("feature_flags").toString()));
    }

    private void awaitNode(int node) throws Exception {
        long end = System.nanoTime() + START_LIMIT.toNanos();
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(ports.get(node));
        factory.setAutomaticRecoveryEnabled(false);
        Exception last = null;
        while (System.nanoTime() - end < 0) {
            try (Connection connection = factory.newConnection()) {
                if (Files.readString(home(node).resolve("log.txt"), StandardCharsets.ISO_8859_1)
                        .contains("Server startup complete")) {
                    return;
                }
            } catch (Exception e) {
                last = e;
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
        throw new IllegalStateException(
                name(node) + " did not start within " + START_LIMIT + "; see "
                        + home(node).resolve("log.txt"),
                last);
    }

    private long pid(int node) throws IOException {
        return Long.parseLong(Files.readString(home(node).resolve("pid")).strip());
    }

    private Path home(int node) {
        return folder.resolve("node-" + node);
    }

    private static String name(int node) {
        return "node" + node + "@localhost";
    }

    private static Path scripts() {
        String home = System.getenv("RABBITMQ_HOME");
        if (home != null) {
            return Path.of(home, "sbin");
        }
        try (var folders = Files.list(Path.of("/usr/lib/rabbitmq/lib"))) {
            return folders.map(folder -> folder.resolve("sbin"))
                    .filter(Files::isDirectory)
                    .findFirst()
                    .orElseThrow();
        } catch (IOException | RuntimeException e) {
            throw new IllegalStateException(
                    "There is no RabbitMQ in /usr/lib/rabbitmq/lib. Install it: apt-get install -y rabbitmq-server", e);
        }
    }

    @Override
    public void close() {
        List<ProcessHandle> all = processes.stream()
                .flatMap(process -> Stream.concat(Stream.of(process.toHandle()), process.descendants()))
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        // Until it has ended, a node makes new files in the folder that is about to go.
        all.forEach(process -> process.onExit()
                .orTimeout(30, TimeUnit.SECONDS)
                .exceptionally(late -> process)
                .join());
        if (!Files.exists(folder)) {
            // The hook at the end of the process comes after a close.
            return;
        }
        try (var files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException | java.io.UncheckedIOException e) {
            System.err.println("Left behind: " + folder);
        }
    }
}
