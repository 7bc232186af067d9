package io.eda.broker.kafka;

import io.eda.testkit.servers.KafkaServer;
import io.eda.testkit.servers.RealServers;
import io.eda.testkit.servers.ServerOptions;
import io.eda.testkit.servers.TcpProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** A broker of its own that tells every client the address of a proxy, so that no client goes past it. */
record ProxiedKafka(KafkaServer server, TcpProxy proxy) implements AutoCloseable {

    static ProxiedKafka start() {
        int port = freePort();
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

    // The proxy must know the port before the broker listens on it. Below the range from which the kernel takes the
    // ports
    // of clients, so that none of them sits on it while the broker is away.
    static int freePort() {
        for (int attempt = 0; attempt < 100; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(15_000, 32_000);
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            } catch (IOException e) {
                // Somebody listens there: the next one.
            }
        }
        throw new IllegalStateException("No port was free in a hundred attempts");
    }
}
