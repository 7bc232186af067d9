package io.eda.benchmarks.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.eda.benchmarks.harness.Contender;
import io.eda.benchmarks.harness.Operation;
import io.eda.benchmarks.harness.Session;
import io.eda.benchmarks.rabbitmq.Broker.Place;
import io.eda.broker.rabbitmq.RabbitMqTransport;
import io.eda.transport.Delivery;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.amqp.core.MessageListener;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;

/** Those who consume a full queue and acknowledge after handling. An operation waits for a hundred handled messages. */
final class Consumers {

    static final String EDA = "eda";
    static final String RAW = "raw client";
    static final String SPRING = "SimpleMessageListenerContainer";

    private static final int BATCH = 100;
    private static final int PREFETCH = 1_000;
    private static final int ACK_EVERY = 100;

    private final Broker broker;
    private final int messages;

    Consumers(Broker broker, int messages) {
        this.broker = broker;
        this.messages = messages;
    }

    List<Contender> all() {
        return List.of(
                new Contender(RAW, "basicConsume, prefetch " + PREFETCH + ", ack of every " + ACK_EVERY, 1, this::raw),
                new Contender(SPRING, "defaults", 1, this::spring),
                new Contender(
                        EDA, "RabbitMqTransport, ordered by key, " + PREFETCH + " in flight, defaults", 1, this::eda));
    }

    private interface Closing {
        void close() throws Exception;
    }

    private record Opened(Semaphore handled, Closing closing) implements Session {
        @Override
        public Operation caller(int index) {
            return watch -> handled.tryAcquire(BATCH, 100, TimeUnit.MILLISECONDS) ? BATCH : 0;
        }

        @Override
        public void close() throws Exception {
            closing.close();
        }
    }

    private Place filled() throws Exception {
        Place place = broker.freshPlace();
        broker.fill(place, messages);
        return place;
    }

    private Session raw() throws Exception {
        Place place = filled();
        Semaphore handled = new Semaphore(0);
        Connection connection = broker.connect();
        Channel channel = connection.createChannel();
        channel.basicQos(PREFETCH);
        String unused = channel.basicConsume(
                place.queue(),
                false,
                (consumer, delivery) -> {
                    handled.release();
                    long tag = delivery.getEnvelope().getDeliveryTag();
                    if (tag % ACK_EVERY == 0) {
                        channel.basicAck(tag, true);
                    }
                },
                consumer -> {});
        return new Opened(handled, () -> {
            connection.close();
            broker.remove(place);
        });
    }

    private Session eda() throws Exception {
        Place place = filled();
        Semaphore handled = new Semaphore(0);
        RabbitMqTransport transport = RabbitMqTransport.connect(broker.options(place));
        transport.receive(Broker.request(PREFETCH), deliveries -> {
            for (Delivery delivery : deliveries) {
                handled.release();
                delivery.ack();
            }
        });
        return new Opened(handled, () -> {
            transport.close();
            broker.remove(place);
        });
    }

    private Session spring() throws Exception {
        Place place = filled();
        Semaphore handled = new Semaphore(0);
        CachingConnectionFactory connections = new CachingConnectionFactory(broker.factory());
        SimpleMessageListenerContainer container = new SimpleMessageListenerContainer(connections);
        container.setQueueNames(place.queue());
        container.setMessageListener((MessageListener) message -> handled.release());
        container.afterPropertiesSet();
        container.start();
        return new Opened(handled, () -> {
            container.stop();
            container.destroy();
            connections.destroy();
            broker.remove(place);
        });
    }
}
