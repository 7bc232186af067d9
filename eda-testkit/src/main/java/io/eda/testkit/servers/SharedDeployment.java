package io.eda.testkit.servers;

import java.util.List;

/** The server that all tests of this JVM share, kept from what would hurt the others. */
record SharedDeployment(Deployment server) implements Deployment {

    @Override
    public String description() {
        return server.description() + ", shared by this JVM";
    }

    @Override
    public String host() {
        return server.host();
    }

    @Override
    public int port() {
        return server.port();
    }

    @Override
    public void start() {
        server.start();
    }

    @Override
    public void stop() {
        throw refusal("stop");
    }

    @Override
    public void kill() {
        throw refusal("kill");
    }

    @Override
    public void freeze() {
        throw refusal("freeze");
    }

    @Override
    public void thaw() {
        throw refusal("thaw");
    }

    @Override
    public boolean isRunning() {
        return server.isRunning();
    }

    @Override
    public String run(List<String> command) {
        return server.run(command);
    }

    @Override
    public void close() {
        throw refusal("close");
    }

    private UnsupportedOperationException refusal(String attempted) {
        return new UnsupportedOperationException("This test wants to " + attempted + " " + description()
                + ". Other tests rely on it. Ask for a server of the test's own with RealServers.dedicated…(); "
                + "a shared one ends with the JVM.");
    }
}
