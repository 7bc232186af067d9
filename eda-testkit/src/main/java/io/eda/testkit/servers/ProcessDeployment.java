package io.eda.testkit.servers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A server as a child process of this JVM. */
final class ProcessDeployment implements Deployment {

    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final Duration COMMAND_LIMIT = Duration.ofMinutes(1);
    private static final Duration SETTLE = Duration.ofMillis(20);
    private static final int START_ATTEMPTS = 3;
    private static final int SHOWN_LOG_LINES = 25;

    private final Recipe recipe;
    private final ServerFolder folder;
    private @Nullable GuardedProcess process;
    private boolean closed;

    private ProcessDeployment(Recipe recipe, ServerFolder folder) {
        this.recipe = recipe;
        this.folder = folder;
    }

    /** Starts the server; where that fails nothing is left behind. */
    static ProcessDeployment started(String product, Recipe recipe, Optional<Path> kept) {
        ServerFolder folder = ServerFolder.of(product, kept);
        ProcessDeployment deployment = new ProcessDeployment(recipe, folder);
        try {
            deployment.start();
            return deployment;
        } catch (RuntimeException e) {
            deployment.close();
            throw e;
        }
    }

    @Override
    public String description() {
        return recipe.name() + ", on " + host() + ":" + port() + ", data in " + folder.path();
    }

    @Override
    public String host() {
        return Ports.LOCAL;
    }

    @Override
    public int port() {
        return recipe.port();
    }

    @Override
    public void start() {
        if (closed) {
            throw new IllegalStateException(
                    recipe.name() + " was closed, and its data are gone. Ask for a new server.");
        }
        for (int attempt = 1; !isRunning(); attempt++) {
            recipe.prepare(folder.path());
            GuardedProcess starting = GuardedProcess.start(
                    recipe.command(folder.path()), recipe.environment(folder.path()), log(), recipe.softSignal());
            process = starting;
            if (awaitAnswer(starting)) {
                return;
            }
            // A server that ends by itself may have met its predecessor, which the guard of a killed JVM is still
            // ending: it holds the port and the lock on the data for a moment.
            if (starting.isAlive() || attempt == START_ATTEMPTS) {
                starting.kill();
                throw new IllegalStateException(recipe.name() + " did not answer on port " + port() + " within "
                        + recipe.startLimit().toSeconds() + " s and " + attempt + " attempt(s). The end of " + log()
                        + ":\n" + endOfLog());
            }
            Ports.pause(Duration.ofSeconds(attempt));
        }
    }

    @Override
    public void stop() {
        if (process != null && process.isAlive()) {
            process.stop(recipe.stopSignal(), STOP_LIMIT);
        }
    }

    @Override
    public void kill() {
        running("kill").kill();
    }

    @Override
    public void freeze() {
        running("freeze").freeze();
    }

    @Override
    public void thaw() {
        running("thaw").thaw();
    }

    @Override
    public boolean isRunning() {
        return process != null && process.isAlive();
    }

    @Override
    public String run(List<String> command) {
        return Commands.runOrFail(recipe.administration(command), recipe.environment(folder.path()), COMMAND_LIMIT);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (folder.isKept()) {
            stop();
            return;
        }
        // Nobody will miss the data: no clean shutdown, which takes RabbitMQ and Kafka seconds.
        if (process != null && process.isAlive()) {
            process.stop(recipe.softSignal(), Duration.ofSeconds(2));
        }
        recipe.discard(folder.path());
        folder.close();
    }

    private GuardedProcess running(String attempted) {
        if (process == null || !process.isAlive()) {
            throw new IllegalStateException(
                    recipe.name() + " is not running, so it cannot " + attempted + ". Call start() first.");
        }
        return process;
    }

    private boolean awaitAnswer(GuardedProcess starting) {
        boolean answered = Ports.await(recipe.startLimit(), starting::isAlive, () -> recipe.answers(folder.path()));
        if (answered) {
            // Somebody else may listen on the port and answer for a server that is just failing to bind it.
            Ports.pause(SETTLE);
        }
        return answered && starting.isAlive();
    }

    private Path log() {
        return folder.path().resolve("server.log");
    }

    private String endOfLog() {
        try {
            List<String> lines =
                    Files.readString(log(), StandardCharsets.ISO_8859_1).lines().toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - SHOWN_LOG_LINES), lines.size()));
        } catch (IOException e) {
            return "(" + e + ")";
        }
    }
}
