package io.eda.benchmarks.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.eda.broker.rabbitmq.RabbitMqOptions;
import io.eda.broker.rabbitmq.RabbitMqTopology;
import io.eda.broker.rabbitmq.RabbitMqTransport;
import io.eda.testkit.servers.RabbitMqServer;
import io.eda.testkit.servers.RealServers;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.TypePattern;
import java.util.Set;
import java.util.UUID;

/** A RabbitMQ for one benchmark alone. */
final class Broker implements AutoCloseable {

    private static final String GROUP = "bench";
    private static final int CONFIRM_EVERY = 2_000;

    private final RabbitMqServer server = RealServers.dedicatedRabbitMq();

    ConnectionFactory factory() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(server.uri());
        return factory;
    }

    String uri() {
        return server.uri();
    }

    Connection connect() throws Exception {
        return factory().newConnection();
    }

    String description() throws Exception {
        try (Connection connection = connect()) {
            return "RabbitMQ " + connection.getServerProperties().get("version") + ", quorum queue on one node";
        }
    }

    RabbitMqOptions options(Place place) throws Exception {
        return RabbitMqOptions.of(factory())
                .withTopology(RabbitMqTopology.defaults().withExchange(place.exchange));
    }

    static ReceiveRequest request(int maxInFlight) {
        return new ReceiveRequest(GROUP, Set.of(new TypePattern("order.*")), maxInFlight, true);
    }

    /** Declares an exchange and one empty queue, as ours does; all contenders use them alike. */
    Place freshPlace() throws Exception {
        Place place = new Place("b" + UUID.randomUUID().toString().substring(24));
        try (var transport = RabbitMqTransport.connect(options(place))) {
            transport.receive(request(1), deliveries -> {}).close();
        }
        return place;
    }

    /** Puts messages into the queue. */
    void fill(Place place, int messages) throws Exception {
        try (Connection connection = connect()) {
            Channel channel = connection.createChannel();
            channel.confirmSelect();
            for (int i = 1; i <= messages; i++) {
                AMQP.BasicProperties properties = Sample.properties(i);
                channel.basicPublish(place.exchange, Sample.TYPE, true, properties, Sample.BODY);
                if (i % CONFIRM_EVERY == 0 || i == messages) {
                    channel.waitForConfirmsOrDie(60_000);
                }
            }
        }
    }

    void remove(Place place) throws Exception {
        try (Connection connection = connect()) {
            Channel channel = connection.createChannel();
            channel.queueDelete(place.queue());
            channel.exchangeDelete(place.exchange);
        }
    }

    @Override
    public void close() {
        server.close();
    }

    /** Where a contender publishes to, and consumes from. */
    record Place(String exchange) {
        String queue() {
            return exchange + ".queue." + GROUP;
        }
    }
}
