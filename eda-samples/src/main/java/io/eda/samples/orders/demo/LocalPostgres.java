package io.eda.samples.orders.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A PostgreSQL of one's own: its data lie in a folder, it listens on this machine alone, and it ends with the program that
 * started it, however that one ends. As root it runs in a user namespace, because PostgreSQL refuses root.
 */
final class LocalPostgres implements AutoCloseable {

    private static final long STOP_SECONDS = 60;

    private final Process guard;
    private final String url;

    private LocalPostgres(Process guard, String url) {
        this.guard = guard;
        this.url = url;
    }

    /** Starts the database in {@code folder}, which nobody else may use, and creates it where there is none. */
    static LocalPostgres start(Path home, Path folder) throws IOException, InterruptedException {
        Path bin = PostgresProgram.unpack(home).bin().toAbsolutePath();
        Path data = folder.toAbsolutePath();
        stopFormer(data);
        Path password = data.resolve("password");
        if (!Files.exists(data.resolve("database/PG_VERSION"))) {
            create(bin, data, password);
        }
        int port = freePort();
        Process guard = guard(bin, data, port);
        String secret = Files.readString(password);
        return new LocalPostgres(
                guard, "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres&password=" + secret);
    }

    /** Returns where it is, with user and password. */
    String url() {
        return url;
    }

    /**
     * Stops the database of a demo that was killed, where it is at work still: for a moment as a rule, until its guard has
     * stopped it; for ever where the guard was killed too.
     */
    static void stopFormer(Path data) throws IOException, InterruptedException {
        Path pidFile = data.resolve("database/postmaster.pid");
        Optional<ProcessHandle> former = processIn(pidFile)
                // The file may be older than the machine's last start, and the number somebody else's today.
                .filter(process -> process.info()
                        .commandLine()
                        .orElse("")
                        .contains(data.resolve("database").toString()));
        if (former.isPresent()) {
            Commands.run(List.of("kill", "-INT", Long.toString(former.get().pid())));
            try {
                former.get().onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                throw new DemoException(
                        "the PostgreSQL of a former run, process "
                                + former.get().pid() + ", does not stop: stop it",
                        e);
            }
        }
        // PostgreSQL would take whoever has that number now, a zombie even, for itself. Processes that still use the
        // data are no danger: it finds them by their shared memory.
        Files.deleteIfExists(pidFile);
    }

    private static Optional<ProcessHandle> processIn(Path pidFile) throws IOException {
        try {
            return ProcessHandle.of(
                    Long.parseLong(Files.readAllLines(pidFile).get(0).strip()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static void create(Path bin, Path data, Path password) throws IOException, InterruptedException {
        // What a killed run left half-made holds no order yet.
        Folders.delete(Files.createDirectories(data.resolve("database")));
        Files.deleteIfExists(password);
        Files.createFile(password, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(password, UUID.randomUUID().toString());
        Commands.run(Commands.join(
                // After the password's file was made: it must be readable for whoever runs this.
                Commands.unprivileged(data),
                List.of(
                        bin.resolve("initdb").toString(),
                        "--pgdata=" + data.resolve("database"),
                        "--username=postgres",
                        "--auth=scram-sha-256",
                        "--pwfile=" + password,
                        "--encoding=UTF8",
                        "--no-locale")));
    }

    private static Process guard(Path bin, Path data, int port) throws IOException, InterruptedException {
        List<String> command = List.of(
                "sh",
                "-c",
                Texts.read("guard.sh"),
                "guard.sh",
                bin.toString(),
                data.toString(),
                Integer.toString(port));
        Process guard = new ProcessBuilder(Commands.join(Commands.unprivileged(data), command))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader answer = guard.inputReader(StandardCharsets.UTF_8);
        if (!"ready".equals(answer.readLine())) {
            throw new DemoException("PostgreSQL did not start; " + data.resolve("postgres.log") + " says why");
        }
        return guard;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Stops the database cleanly. */
    @Override
    public void close() throws IOException, InterruptedException {
        guard.getOutputStream().close();
        if (!guard.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
            throw new DemoException("PostgreSQL did not stop within " + STOP_SECONDS + " s");
        }
    }
}
