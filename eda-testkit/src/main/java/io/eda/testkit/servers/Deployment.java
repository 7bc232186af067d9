package io.eda.testkit.servers;

import java.util.List;

/** One server as it runs somewhere: as a child process, in a container, or under somebody else's care. */
interface Deployment extends AutoCloseable {

    /** Product, origin and address, for people. */
    String description();

    String host();

    int port();

    void start();

    void stop();

    void kill();

    void freeze();

    void thaw();

    boolean isRunning();

    /** Runs one of the server's own administration commands beside it and returns what it printed. */
    String run(List<String> command);

    @Override
    void close();
}
