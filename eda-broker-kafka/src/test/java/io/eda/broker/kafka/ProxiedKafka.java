package io.eda.broker.kafka;

import io.eda.testkit.servers.KafkaServer;
import io.eda.testkit.servers.RealServers;
import io.eda.testkit.servers.ServerOptions;
import io.eda.testkit.servers.TcpProxy;

/** A broker of its own that tells every client the address of a proxy, so that no client goes past it. */
record ProxiedKafka(KafkaServer server, TcpProxy proxy) implements AutoCloseable {

    static ProxiedKafka start() {
        // The proxy must know the port before the broker listens on it.
        int port = RealServers.freePort();
        TcpProxy proxy = TcpProxy.to("127.0.0.1", port);
        KafkaServer server = RealServers.dedicatedKafka(ServerOptions.from(ServerOptions.Source.JAR)
                .withPort(port)
                .withSetting("advertised.listeners", "PLAINTEXT://" + proxy.host() + ":" + proxy.port()));
        return new ProxiedKafka(server, proxy);
    }

    String bootstrap() {
        return proxy.host() + ":" + proxy.port();
    }

    void killAndStart() {
        server.kill();
        server.start();
    }

    @Override
    public void close() {
        proxy.close();
        server.close();
    }
}
