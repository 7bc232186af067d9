package io.eda.benchmarks.relay;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.eda.benchmarks.harness.Operation;
import io.eda.benchmarks.harness.Session;
import io.eda.broker.rabbitmq.RabbitMqOptions;
import io.eda.broker.rabbitmq.RabbitMqTopology;
import io.eda.broker.rabbitmq.RabbitMqTransport;
import io.eda.testkit.servers.RabbitMqServer;
import io.eda.testkit.servers.RealServers;
import io.eda.transport.Message;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.TypePattern;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** Who publishes to RabbitMQ: each round to an exchange of its own, with one quorum queue. */
final class ToRabbitMq implements AutoCloseable {

    private static final String GROUP = "bench";

    private final RabbitMqServer server = RealServers.dedicatedRabbitMq();
    private final List<Message> messages;

    ToRabbitMq(List<Message> messages) {
        this.messages = messages;
    }

    Session raw() throws Exception {
        String exchange = madeExchange();
        Connection connection = factory().newConnection();
        return new Removing(RelaySession.raw(new Raw(connection, exchange), messages), this, exchange);
    }

    Session eda(History history) throws Exception {
        String exchange = madeExchange();
        return new Removing(RelaySession.eda(history, transport(exchange)), this, exchange);
    }

    /** Makes the exchange and its queue, as ours does it; everybody uses them alike. */
    private String madeExchange() throws Exception {
        String exchange = "b" + UUID.randomUUID().toString().substring(24);
        try (RabbitMqTransport transport = transport(exchange)) {
            transport
                    .receive(new ReceiveRequest(GROUP, Set.of(new TypePattern("order.*")), 1, true), deliveries -> {})
                    .close();
        }
        return exchange;
    }

    private RabbitMqTransport transport(String exchange) throws Exception {
        return RabbitMqTransport.connect(RabbitMqOptions.of(factory())
                .withTopology(RabbitMqTopology.defaults().withExchange(exchange)));
    }

    private ConnectionFactory factory() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(server.uri());
        return factory;
    }

    private void remove(String exchange) throws Exception {
        try (Connection connection = factory().newConnection()) {
            Channel channel = connection.createChannel();
            channel.queueDelete(exchange + ".queue." + GROUP);
            channel.exchangeDelete(exchange);
        }
    }

    @Override
    public void close() {
        server.close();
    }

    /** Takes away what a round has left, so that the next one has the same room. */
    private record Removing(Session session, ToRabbitMq place, String exchange) implements Session {

        @Override
        public Operation caller(int index) throws Exception {
            return session.caller(index);
        }

        @Override
        public void close() throws Exception {
            session.close();
            place.remove(exchange);
        }
    }

    private static final class Raw implements RawClient {

        private final Connection connection;
        private final Channel channel;
        private final String exchange;
        private final ConcurrentNavigableMap<Long, Window> open = new ConcurrentSkipListMap<>();

        private Raw(Connection connection, String exchange) throws Exception {
            this.connection = connection;
            this.exchange = exchange;
            channel = connection.createChannel();
            channel.confirmSelect();
            channel.addConfirmListener(
                    (sequence, isMultiple) -> confirmed(isMultiple ? open.headMap(sequence, true) : one(sequence)),
                    (sequence, isMultiple) ->
                            one(sequence).values().forEach(window -> window.failed(new IllegalStateException("nack"))));
        }

        private ConcurrentNavigableMap<Long, Window> one(long sequence) {
            return open.subMap(sequence, true, sequence, true);
        }

        private static void confirmed(ConcurrentNavigableMap<Long, Window> which) {
            for (Map.Entry<Long, Window> one = which.pollFirstEntry(); one != null; one = which.pollFirstEntry()) {
                one.getValue().confirmed(1);
            }
        }

        @Override
        public void publish(Message message, Window window) throws Exception {
            open.put(channel.getNextPublishSeqNo(), window);
            channel.basicPublish(exchange, message.type(), true, properties(message), message.body());
        }

        /** The same as our transport writes it. */
        private static AMQP.BasicProperties properties(Message message) {
            Map<String, Object> headers = new HashMap<>();
            message.headers().forEach((name, value) -> {
                if (name.startsWith("ce_")) {
                    headers.put("cloudEvents_" + name.substring(3), value);
                } else if (!name.equals("content-type")) {
                    headers.put(name, value);
                }
            });
            headers.put("eda-key", message.key());
            return new AMQP.BasicProperties.Builder()
                    .headers(headers)
                    .contentType("application/json")
                    .appId("/eda")
                    .messageId(message.id())
                    .type(message.type())
                    .timestamp(Date.from(Instant.EPOCH))
                    .deliveryMode(2)
                    .build();
        }

        @Override
        public void close() throws Exception {
            connection.close();
        }
    }
}
