package io.eda.testkit.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** The folder that holds one server's data: private and removed with this JVM, or named by the user and kept. */
final class ServerFolder implements AutoCloseable {

    private final Path path;
    private final Optional<Process> guard;

    private ServerFolder(Path path, Optional<Process> guard) {
        this.path = path;
        this.guard = guard;
    }

    static ServerFolder of(String product, Optional<Path> kept) {
        return kept.map(ServerFolder::kept).orElseGet(() -> guarded(product));
    }

    private static ServerFolder kept(Path folder) {
        try {
            return new ServerFolder(
                    Files.createDirectories(folder.toAbsolutePath().normalize()), Optional.empty());
        } catch (IOException e) {
            throw new UncheckedIOException("The folder " + folder + " for a server's data cannot be made.", e);
        }
    }

    private static ServerFolder guarded(String product) {
        String name = "eda-" + product + "-" + UUID.randomUUID().toString().substring(0, 13);
        Path path = Path.of(System.getProperty("java.io.tmpdir"), name).toAbsolutePath();
        Process guard = Guards.start("guard-folder.sh", List.of(path.toString()), Map.of());
        if (!Guards.firstLine(guard).equals("made")) {
            throw new IllegalStateException("The folder " + path + " for a server's data cannot be made. "
                    + "Point -Djava.io.tmpdir at a folder that this user may write.");
        }
        return new ServerFolder(path, Optional.of(guard));
    }

    Path path() {
        return path;
    }

    boolean isKept() {
        return guard.isEmpty();
    }

    /** Removes a private folder; a kept one stays. */
    @Override
    public void close() {
        guard.ifPresent(process -> {
            try (var in = process.getOutputStream()) {
                in.write("remove\n".getBytes(StandardCharsets.UTF_8));
                in.flush();
                // Not waitFor(): an interrupted test thread still cleans up.
                process.onExit()
                        .completeOnTimeout(process, 30, TimeUnit.SECONDS)
                        .join();
            } catch (IOException e) {
                throw new UncheckedIOException("The folder " + path + " could not be removed. Remove it by hand.", e);
            }
        });
    }
}
