package io.eda.testkit.servers;

import java.util.UUID;

/**
 * One running server, and the ways in which it can fail.
 *
 * <ul>
 *   <li>It listens on the same host and port, with the same data, for as long as this object lives, however often it is
 *       stopped, killed and started again.
 *   <li>A method returns when its effect is reached: a started server has answered, a killed one is gone.
 *   <li>It never outlives this JVM, even when the JVM is killed, unless it was given by environment variables.
 * </ul>
 *
 * <p>A shared server refuses everything that would hurt the other tests of this JVM, and so does a server that was given
 * by environment variables: {@link UnsupportedOperationException} says what to ask for instead.
 *
 * <p>Thread-safe: calls on one server wait for each other.
 */
// A class, against the house rule: as an interface its eleven one-line bodies would stand here four times.
public abstract sealed class RealServer implements AutoCloseable
        permits PostgresServer, RabbitMqServer, KafkaServer, RedisServer {

    private final Deployment deployment;

    RealServer(Deployment deployment) {
        this.deployment = deployment;
    }

    /** Starts the server if it is not running, and returns once it answers. */
    public final void start() {
        synchronized (deployment) {
            deployment.start();
        }
    }

    /** Asks the server to shut down in its own clean way, and returns once it has; its data stay. */
    public final void stop() {
        synchronized (deployment) {
            deployment.stop();
        }
    }

    /** {@link #stop()}, then {@link #start()}. */
    public final void restart() {
        synchronized (deployment) {
            deployment.stop();
            deployment.start();
        }
    }

    /** Ends every process of the server with SIGKILL, as a crash does; {@link #start()} brings it back on its data. */
    public final void kill() {
        synchronized (deployment) {
            deployment.kill();
        }
    }

    /** Stops every process of the server with SIGSTOP: connections stay open, and nobody answers. */
    public final void freeze() {
        synchronized (deployment) {
            deployment.freeze();
        }
    }

    /** Lets a frozen server go on where it was. */
    public final void thaw() {
        synchronized (deployment) {
            deployment.thaw();
        }
    }

    /** Whether the server's process is there; a frozen one is. */
    public final boolean isRunning() {
        synchronized (deployment) {
            return deployment.isRunning();
        }
    }

    /** The host to connect to. */
    public final String host() {
        return deployment.host();
    }

    /** The TCP port to connect to. */
    public final int port() {
        return deployment.port();
    }

    /** Stops the server for good and removes its private data; closing twice does nothing more. */
    @Override
    public final void close() {
        synchronized (deployment) {
            deployment.close();
        }
    }

    /** The product, where it came from and where it listens. */
    @Override
    public final String toString() {
        return deployment.description();
    }

    /** A name that nobody else uses, fit for schemas, topics, queues and keys alike. */
    static String freshName() {
        return "eda_test_" + UUID.randomUUID().toString().replace("-", "").substring(0, 16);
    }

    final Deployment deployment() {
        return deployment;
    }
}
