package io.eda.broker.kafka;

import io.eda.testkit.servers.KafkaServer;
import io.eda.testkit.servers.RealServers;
import io.eda.testkit.servers.ServerOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;

/** Three brokers that are their own controllers: any one of them may be away. */
record KafkaCluster(List<KafkaServer> brokers) implements AutoCloseable {

    private static final int BROKERS = 3;

    static KafkaCluster start() {
        Map<Integer, Integer> controllers = new HashMap<>();
        for (int node = 1; node <= BROKERS; node++) {
            controllers.put(node, RealServers.freePort());
        }
        String voters = controllers.entrySet().stream()
                .map(controller -> controller.getKey() + "@127.0.0.1:" + controller.getValue())
                .collect(Collectors.joining(","));
        String clusterId = Uuid.randomUuid().toString();
        // At once: the first one alone is no majority, and would wait for the others for ever.
        List<CompletableFuture<KafkaServer>> starting = new ArrayList<>();
        for (int node = 1; node <= BROKERS; node++) {
            ServerOptions options = options(node, controllers.getOrDefault(node, 0), voters, clusterId);
            starting.add(CompletableFuture.supplyAsync(() -> RealServers.dedicatedKafka(options)));
        }
        return new KafkaCluster(starting.stream().map(CompletableFuture::join).toList());
    }

    private static ServerOptions options(int node, int controllerPort, String voters, String clusterId) {
        int port = RealServers.freePort();
        ServerOptions options = ServerOptions.from(ServerOptions.Source.JAR)
                .withPort(port)
                .withSetting("eda.cluster.id", clusterId)
                .withSetting("node.id", Integer.toString(node))
                .withSetting("controller.quorum.voters", voters)
                .withSetting("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort)
                .withSetting("default.replication.factor", "3")
                .withSetting("min.insync.replicas", "2")
                .withSetting("replica.lag.time.max.ms", "3000");
        for (String topic : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            options = options.withSetting(topic + ".replication.factor", "3");
        }
        return options;
    }

    String bootstrap() {
        return brokers.stream().map(KafkaServer::bootstrapServers).collect(Collectors.joining(","));
    }

    @Override
    public void close() {
        brokers.forEach(KafkaServer::close);
    }
}
