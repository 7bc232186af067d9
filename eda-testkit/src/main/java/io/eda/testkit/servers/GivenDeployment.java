package io.eda.testkit.servers;

import java.util.List;

/** A server that somebody else runs; its coordinates came in environment variables. */
record GivenDeployment(String product, String variable, String host, int port) implements Deployment {

    @Override
    public String description() {
        return product + " given by " + variable + ", on " + host + ":" + port;
    }

    @Override
    public void start() {
        // It runs already: that is what giving it said.
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
        return true;
    }

    @Override
    public String run(List<String> command) {
        throw refusal("run " + command.get(0) + " beside");
    }

    @Override
    public void close() {
        // It is not ours to end.
    }

    private UnsupportedOperationException refusal(String attempted) {
        return new UnsupportedOperationException("This test wants to " + attempted + " the " + product
                + " that " + variable + " names, and it runs under somebody else's care. Unset " + variable
                + ", or ask for a server of the test's own with RealServers.dedicated…().");
    }
}
