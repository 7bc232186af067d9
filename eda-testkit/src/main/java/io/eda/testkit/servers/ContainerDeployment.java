package io.eda.testkit.servers;

import com.github.dockerjava.api.DockerClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/** A server in a container; Testcontainers' reaper removes it when this JVM dies. */
final class ContainerDeployment implements Deployment {

    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final int STOP_SECONDS = 30;

    private final ContainerImage image;
    private final GenericContainer<?> container;
    private boolean frozen;

    private ContainerDeployment(ContainerImage image, GenericContainer<?> container) {
        this.image = image;
        this.container = container;
    }

    /** A container of {@code image}, where an engine answers; {@code adapt} makes of it what the test sees. */
    static <S> Attempt<S> look(Machine machine, Supplier<ContainerImage> image, Function<Deployment, S> adapt) {
        if (!machine.hasClass("org.testcontainers.DockerClientFactory")) {
            return Attempt.missing("org.testcontainers:testcontainers on the class path, to ask for a Docker engine");
        }
        // Testcontainers takes a second and a page of log to find out that there is no engine.
        if (socket(machine).isEmpty() || !DockerClientFactory.instance().isDockerAvailable()) {
            return Attempt.missing("a Docker engine at DOCKER_HOST, " + machine.root() + "var/run/docker.sock, "
                    + "$XDG_RUNTIME_DIR/docker.sock or ~/.docker/run/docker.sock");
        }
        return Attempt.found(() -> adapt.apply(started(image.get())));
    }

    private static Optional<String> socket(Machine machine) {
        List<Path> sockets = List.of(
                machine.root().resolve("var/run/docker.sock"),
                Path.of(machine.variable("XDG_RUNTIME_DIR").orElse("/nonexistent"), "docker.sock"),
                Path.of(machine.variable("HOME").orElse("/nonexistent"), ".docker/run/docker.sock"));
        return machine.variable("DOCKER_HOST")
                .or(() -> sockets.stream().filter(Files::exists).findFirst().map(Path::toString));
    }

    // The container lives on in the deployment, which closes it.
    @SuppressWarnings("resource")
    private static ContainerDeployment started(ContainerImage image) {
        GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(image.name()));
        String host = DockerClientFactory.instance().dockerHostIpAddress();
        image.environment().forEach((name, value) -> container.withEnv(name, value.replace(ContainerImage.HOST, host)));
        container.withExposedPorts(image.port()).withStartupTimeout(START_LIMIT);
        container.setPortBindings(List.of(image.hostPort() + ":" + image.port()));
        image.files().forEach((path, text) -> container.withCopyToContainer(Transferable.of(text), path));
        if (!image.command().isEmpty()) {
            container.withCommand(image.command().toArray(String[]::new));
        }
        ContainerDeployment deployment = new ContainerDeployment(image, container);
        try {
            container.start();
            deployment.awaitAnswer();
            return deployment;
        } catch (RuntimeException e) {
            deployment.close();
            throw e;
        }
    }

    @Override
    public String description() {
        return image.product() + " in a container of " + image.name() + ", on " + host() + ":" + port();
    }

    @Override
    public String host() {
        return container.getHost();
    }

    @Override
    public int port() {
        return image.hostPort();
    }

    @Override
    public void start() {
        if (!isRunning()) {
            docker().startContainerCmd(container.getContainerId()).exec();
            awaitAnswer();
        }
    }

    @Override
    public void stop() {
        if (isRunning()) {
            thaw();
            docker().stopContainerCmd(container.getContainerId())
                    .withTimeout(STOP_SECONDS)
                    .exec();
        }
    }

    @Override
    public void kill() {
        thaw();
        docker().killContainerCmd(container.getContainerId()).withSignal("KILL").exec();
    }

    @Override
    public void freeze() {
        if (!frozen) {
            docker().pauseContainerCmd(container.getContainerId()).exec();
            frozen = true;
        }
    }

    @Override
    public void thaw() {
        if (frozen) {
            docker().unpauseContainerCmd(container.getContainerId()).exec();
            frozen = false;
        }
    }

    @Override
    public boolean isRunning() {
        return container.isRunning();
    }

    @Override
    public String run(List<String> command) {
        try {
            ExecResult result = container.execInContainer(command.toArray(String[]::new));
            if (result.getExitCode() != 0) {
                throw new IllegalStateException("The command " + command + " ended with status " + result.getExitCode()
                        + " in " + description() + ": " + result.getStderr());
            }
            return result.getStdout();
        } catch (IOException e) {
            throw new UncheckedIOException("The command " + command + " did not run in " + description(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while " + command + " ran in " + description(), e);
        }
    }

    @Override
    public void close() {
        container.stop();
    }

    private void awaitAnswer() {
        if (!Ports.await(START_LIMIT, this::isRunning, () -> image.question().isAnswered(host(), port()))) {
            throw new IllegalStateException(description() + " did not answer within " + START_LIMIT.toSeconds()
                    + " s. Its log: " + container.getLogs());
        }
    }

    private static DockerClient docker() {
        return DockerClientFactory.instance().client();
    }
}
