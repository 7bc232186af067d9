package io.eda.testkit.servers;

import io.eda.testkit.servers.ServerOptions.Source;

/**
 * A running Kafka: one broker that is its own controller, with every replication factor 1.
 *
 * <p>Two tests do not see each other when each works on a {@link #freshTopic()} in a {@link #freshGroup()}.
 */
public final class KafkaServer extends RealServer {

    private static final String PRODUCT = "Kafka";
    private static final String VARIABLE = "EDA_KAFKA_BOOTSTRAP";
    private static final int DEFAULT_PORT = 9092;

    private final String bootstrapServers;

    private KafkaServer(Deployment deployment, String bootstrapServers) {
        super(deployment);
        this.bootstrapServers = bootstrapServers;
    }

    static KafkaServer find(Machine machine, ServerOptions options, boolean mayBeGiven) {
        return Search.<KafkaServer>of(PRODUCT, machine, options, mayBeGiven)
                .given(VARIABLE, KafkaServer::given)
                .look(
                        Source.DOCKER,
                        () -> ContainerDeployment.look(machine, () -> KafkaRecipe.image(options), KafkaServer::plain))
                .look(Source.JAR, () -> packed(machine, options))
                .orFail("add " + KafkaRecipe.JAR + " to the tests' class path, in the version of kafka-clients; "
                        + "start Docker; or set " + VARIABLE + " to host:port.");
    }

    /** What clients take as {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** A name for a topic that nobody else uses; the topic itself is not made. */
    public String freshTopic() {
        return freshName();
    }

    /** A name for a consumer group, or a transactional id, that nobody else uses. */
    public String freshGroup() {
        return freshName();
    }

    KafkaServer shared() {
        return new KafkaServer(new SharedDeployment(deployment()), bootstrapServers);
    }

    private static KafkaServer plain(Deployment deployment) {
        return new KafkaServer(deployment, deployment.host() + ":" + deployment.port());
    }

    private static KafkaServer given(String bootstrapServers) {
        String first = bootstrapServers.split(",", -1)[0].strip();
        int colon = first.lastIndexOf(':');
        String host = colon < 0 ? first : first.substring(0, colon);
        int port = colon < 0 ? DEFAULT_PORT : Integer.parseInt(first.substring(colon + 1));
        return new KafkaServer(new GivenDeployment(PRODUCT, VARIABLE, host, port), bootstrapServers);
    }

    private static Attempt<KafkaServer> packed(Machine machine, ServerOptions options) {
        return machine.hasClass("kafka.server.KafkaRaftServer")
                ? Attempt.found(
                        () -> plain(ProcessDeployment.started("kafka", new KafkaRecipe(options), options.folder())))
                : Attempt.missing("the jar " + KafkaRecipe.JAR + " on the class path");
    }
}
