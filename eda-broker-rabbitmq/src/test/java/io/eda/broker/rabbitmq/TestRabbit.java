package io.eda.broker.rabbitmq;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.eda.retry.Backoff;
import io.eda.testkit.servers.RabbitMqServer;
import io.eda.testkit.servers.RealServers;
import io.eda.testkit.servers.ServerOptions;
import io.eda.testkit.servers.TcpProxy;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** The server of this module's tests, which they may hurt, and options that make failures quick. */
final class TestRabbit {

    /** The largest message that the server takes, in bytes. */
    static final int MAX_MESSAGE = 2 << 20;

    /** The deadline of {@link #options}. */
    static final Duration DEADLINE = Duration.ofSeconds(5);

    private static RabbitMqServer server;

    private TestRabbit() {}

    /** The one server: it starts once, and ends with this JVM. Whoever hurts it, heals it. */
    static synchronized RabbitMqServer server() {
        if (server == null) {
            server = RealServers.dedicatedRabbitMq(
                    ServerOptions.defaults().withSetting("max_message_size", Integer.toString(MAX_MESSAGE)));
        }
        return server;
    }

    static String freshExchange() {
        return "t" + UUID.randomUUID().toString().substring(24);
    }

    static ConnectionFactory factory() {
        try {
            ConnectionFactory factory = new ConnectionFactory();
            factory.setUri(server().uri());
            return factory;
        } catch (Exception e) {
            throw new IllegalStateException("The server's own URI cannot be used", e);
        }
    }

    /** Options with an exchange of their own. */
    static RabbitMqOptions options() {
        return RabbitMqOptions.of(factory())
                .withTopology(RabbitMqTopology.defaults().withExchange(freshExchange()))
                .withDeadlines(DEADLINE, Duration.ofSeconds(2))
                .withReconnect(Duration.ofSeconds(2), new Backoff(Duration.ofMillis(20), Duration.ofMillis(500)));
    }

    static RabbitMqOptions through(TcpProxy proxy, RabbitMqOptions options) {
        return options.withAddresses(List.of(new Address(proxy.host(), proxy.port())));
    }

    /** A connection to look at the server and to interfere. */
    static Connection admin() throws Exception {
        ConnectionFactory factory = factory();
        factory.setAutomaticRecoveryEnabled(false);
        return factory.newConnection("admin");
    }

    /** Counts what the broker has in these queues, ready or delivered. */
    static long depth(String... queues) {
        List<String> wanted = List.of(queues);
        return server().rabbitmqctl("list_queues", "name", "messages")
                .lines()
                .map(line -> line.split("\t", -1))
                .filter(cells -> wanted.contains(cells[0]))
                .mapToLong(cells -> Long.parseLong(cells[1]))
                .sum();
    }

    static String eval(String erlang) {
        return server().rabbitmqctl("eval", erlang);
    }
}
