package io.eda.testkit.servers;

import io.eda.testkit.servers.ServerOptions.Source;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * A running RabbitMQ with the consistent-hash exchange.
 *
 * <p>Two tests do not see each other when each puts a {@link #freshPrefix()} before the names of its exchanges and queues,
 * or, where names are fixed, when each works in a {@link #freshVirtualHost()}.
 */
public final class RabbitMqServer extends RealServer {

    private static final String PRODUCT = "RabbitMQ";
    private static final String VARIABLE = "EDA_RABBITMQ_URI";
    private static final int DEFAULT_PORT = 5672;

    private final String uri;

    private RabbitMqServer(Deployment deployment, String uri) {
        super(deployment);
        this.uri = uri;
    }

    static RabbitMqServer find(Machine machine, ServerOptions options, boolean mayBeGiven) {
        return Search.<RabbitMqServer>of(PRODUCT, machine, options, mayBeGiven)
                .given(VARIABLE, RabbitMqServer::given)
                .look(
                        Source.DOCKER,
                        () -> ContainerDeployment.look(
                                machine, () -> RabbitMqRecipe.image(options), RabbitMqServer::asGuest))
                .look(Source.INSTALLED, () -> installed(machine, options))
                .orFail("apt-get install -y rabbitmq-server (or the like of your system); start Docker; or set "
                        + VARIABLE + " to amqp://user:password@host:port/vhost.");
    }

    /** The AMQP URI of the default virtual host, with user and password. */
    public String uri() {
        return uri;
    }

    /** A prefix for names of exchanges and queues that nobody else uses, ending in a dot; costs nothing. */
    public String freshPrefix() {
        return freshName() + ".";
    }

    /**
     * Makes a new, empty virtual host and returns its AMQP URI; takes two seconds.
     *
     * @throws UnsupportedOperationException for a server that was given by an environment variable
     */
    public String freshVirtualHost() {
        String name = freshName();
        deployment().run(List.of("rabbitmqctl", "add_vhost", name));
        deployment().run(List.of("rabbitmqctl", "set_permissions", "-p", name, "guest", ".*", ".*", ".*"));
        return uri + "/" + name;
    }

    /**
     * Runs RabbitMQ's own {@code rabbitmqctl} beside the server and returns what it printed; takes a second.
     *
     * @throws UnsupportedOperationException for a server that was given by an environment variable
     */
    public String rabbitmqctl(String... arguments) {
        List<String> command = new ArrayList<>(List.of("rabbitmqctl", "-q"));
        command.addAll(List.of(arguments));
        return deployment().run(command);
    }

    RabbitMqServer shared() {
        return new RabbitMqServer(new SharedDeployment(deployment()), uri);
    }

    private static RabbitMqServer asGuest(Deployment deployment) {
        return new RabbitMqServer(deployment, "amqp://guest:guest@" + deployment.host() + ":" + deployment.port());
    }

    private static RabbitMqServer given(String uri) {
        URI parsed = URI.create(uri);
        if (parsed.getHost() == null) {
            throw new IllegalArgumentException(
                    VARIABLE + " names no host. Write amqp://user:password@host:port/vhost.");
        }
        int port = parsed.getPort() < 0 ? DEFAULT_PORT : parsed.getPort();
        return new RabbitMqServer(new GivenDeployment(PRODUCT, VARIABLE, parsed.getHost(), port), uri);
    }

    private static Attempt<RabbitMqServer> installed(Machine machine, ServerOptions options) {
        return RabbitMqPrograms.find(machine)
                .map(programs -> Attempt.found(() -> asGuest(ProcessDeployment.started(
                        "rabbitmq", new RabbitMqRecipe(programs, options), options.folder()))))
                .orElseGet(
                        () -> Attempt.missing(
                                "the script rabbitmq-server in " + machine.root()
                                        + "usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin and in $RABBITMQ_HOME/sbin, with epmd on the PATH"));
    }
}
