package io.eda.benchmarks.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.eda.benchmarks.harness.Contender;
import io.eda.benchmarks.harness.Operation;
import io.eda.benchmarks.harness.Session;
import io.eda.benchmarks.rabbitmq.Broker.Place;
import io.eda.broker.rabbitmq.RabbitMqTransport;
import io.eda.transport.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitOperations;
import org.springframework.amqp.rabbit.core.RabbitTemplate;

/** Those who publish with confirms, 3 000 messages of each caller unconfirmed at most. An operation is a hundred messages. */
final class Publishers {

    static final String EDA = "eda";
    static final String RAW = "raw client";
    static final String RAW_TWO = "raw client, 2 channels";
    static final String SPRING = "RabbitTemplate";
    static final String SPRING_INVOKE = "RabbitTemplate, invoke";

    static final int WINDOW = 3_000;
    private static final int BATCH = 100;

    private final Broker broker;
    private final AtomicLong numbers = new AtomicLong();

    Publishers(Broker broker) {
        this.broker = broker;
    }

    List<Contender> all() {
        return List.of(
                new Contender(RAW, "one channel, one thread, confirms in a listener, window " + WINDOW, 1, this::raw),
                new Contender(
                        RAW_TWO, "the same twice on one connection, window of each half as large", 2, this::rawTwo),
                new Contender(SPRING, "correlated confirms, mandatory, cached channels", 1, () -> spring(false)),
                new Contender(SPRING_INVOKE, "the same, a hundred in one invoke", 1, () -> spring(true)),
                new Contender(EDA, "RabbitMqTransport with its defaults", 1, this::eda));
    }

    private interface Closing {
        void close() throws Exception;
    }

    private record Opened(Operations operations, Closing closing) implements Session {
        @Override
        public Operation caller(int index) throws Exception {
            return operations.of(index);
        }

        @Override
        public void close() throws Exception {
            closing.close();
        }
    }

    private interface Operations {
        Operation of(int index) throws Exception;
    }

    private Session raw() throws Exception {
        return rawSession(WINDOW);
    }

    private Session rawTwo() throws Exception {
        return rawSession(WINDOW / 2);
    }

    private Session rawSession(int size) throws Exception {
        Place place = broker.freshPlace();
        Connection connection = broker.connect();
        List<Window> windows = new ArrayList<>();
        return new Opened(
                index -> {
                    Window window = new Window(size);
                    windows.add(window);
                    return rawOperation(connection.createChannel(), place, window);
                },
                () -> {
                    for (Window window : windows) {
                        window.awaitAll();
                    }
                    connection.close();
                    broker.remove(place);
                });
    }

    private Operation rawOperation(Channel channel, Place place, Window window) throws Exception {
        ConcurrentSkipListSet<Long> open = new ConcurrentSkipListSet<>();
        channel.confirmSelect();
        channel.addConfirmListener(
                (sequence, isMultiple) -> {
                    if (isMultiple) {
                        var confirmed = open.headSet(sequence, true);
                        int count = confirmed.size();
                        confirmed.clear();
                        window.confirmed(count);
                    } else if (open.remove(sequence)) {
                        window.confirmed(1);
                    }
                },
                (sequence, isMultiple) -> window.failed(new IllegalStateException("nack")));
        return watch -> {
            for (int i = 0; i < BATCH; i++) {
                window.take(1);
                open.add(channel.getNextPublishSeqNo());
                channel.basicPublish(
                        place.exchange(), Sample.TYPE, true, Sample.properties(numbers.getAndIncrement()), Sample.BODY);
            }
            return BATCH;
        };
    }

    private Session eda() throws Exception {
        Place place = broker.freshPlace();
        RabbitMqTransport transport = RabbitMqTransport.connect(broker.options(place));
        Window window = new Window(WINDOW);
        Operation operation = watch -> {
            List<Message> batch = new ArrayList<>(BATCH);
            for (int i = 0; i < BATCH; i++) {
                batch.add(Sample.message(numbers.getAndIncrement()));
            }
            window.take(BATCH);
            transport.publish(batch).forEach(future -> {
                var unused = future.whenComplete((done, failure) -> {
                    if (failure == null) {
                        window.confirmed(1);
                    } else {
                        window.failed(failure);
                    }
                });
            });
            return BATCH;
        };
        return new Opened(index -> operation, () -> {
            window.awaitAll();
            transport.close();
            broker.remove(place);
        });
    }

    private Session spring(boolean isInvoking) throws Exception {
        Place place = broker.freshPlace();
        CachingConnectionFactory connections = new CachingConnectionFactory(broker.factory());
        connections.setPublisherConfirmType(CachingConnectionFactory.ConfirmType.CORRELATED);
        connections.setPublisherReturns(true);
        RabbitTemplate template = new RabbitTemplate(connections);
        template.setMandatory(true);
        Window window = new Window(WINDOW);
        Operation operation = watch -> {
            if (isInvoking) {
                Boolean unused = template.invoke(operations -> sendAll(operations, place, window));
            } else {
                boolean unused = sendAll(template, place, window);
            }
            return BATCH;
        };
        return new Opened(index -> operation, () -> {
            window.awaitAll();
            template.destroy();
            connections.destroy();
            broker.remove(place);
        });
    }

    private Boolean sendAll(RabbitOperations operations, Place place, Window window) {
        try {
            for (int i = 0; i < BATCH; i++) {
                long number = numbers.getAndIncrement();
                window.take(1);
                CorrelationData correlation = new CorrelationData(Sample.id(number));
                var unused = correlation.getFuture().whenComplete((confirm, failure) -> {
                    if (failure == null && confirm.ack()) {
                        window.confirmed(1);
                    } else {
                        window.failed(failure == null ? new IllegalStateException("nack") : failure);
                    }
                });
                operations.send(place.exchange(), Sample.TYPE, springMessage(number), correlation);
            }
            return true;
        } catch (Exception e) {
            throw new IllegalStateException("Spring did not send", e);
        }
    }

    private static org.springframework.amqp.core.Message springMessage(long number) {
        MessageProperties properties = new MessageProperties();
        Sample.properties(number).getHeaders().forEach(properties::setHeader);
        properties.setContentType("application/json");
        properties.setAppId("/bench");
        properties.setMessageId(Sample.id(number));
        properties.setType(Sample.TYPE);
        properties.setDeliveryMode(MessageDeliveryMode.PERSISTENT);
        return new org.springframework.amqp.core.Message(Sample.BODY, properties);
    }
}
