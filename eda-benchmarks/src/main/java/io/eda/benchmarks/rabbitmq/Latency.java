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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** From the publication of one message to its handler, in the same process. */
final class Latency {

    static final String EDA = "eda";
    static final String RAW = "raw client";

    private static final int CALLERS = 64;
    private static final int PATIENCE_SECONDS = 30;

    private final Broker broker;
    private final AtomicLong numbers = new AtomicLong();

    Latency(Broker broker) {
        this.broker = broker;
    }

    List<Contender> all() {
        return List.of(
                new Contender(RAW, "one channel under a lock, confirms on, ack of each", CALLERS, this::raw),
                new Contender(EDA, "RabbitMqTransport with its defaults", CALLERS, this::eda));
    }

    private interface Closing {
        void close() throws Exception;
    }

    private interface Sending {
        void send(long number) throws Exception;
    }

    /** Callers, each of whom waits for the handler of its message. */
    private final class Opened implements Session {
        private final Map<String, CountDownLatch> waiting = new ConcurrentHashMap<>();
        private Sending sending = number -> {};
        private Closing closing = () -> {};

        void handled(String id) {
            CountDownLatch latch = waiting.remove(id);
            if (latch != null) {
                latch.countDown();
            }
        }

        @Override
        public Operation caller(int index) {
            return watch -> {
                long number = numbers.getAndIncrement();
                CountDownLatch latch = new CountDownLatch(1);
                waiting.put(Sample.id(number), latch);
                sending.send(number);
                if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("A message did not arrive within " + PATIENCE_SECONDS + " s");
                }
                return 1;
            };
        }

        @Override
        public void close() throws Exception {
            closing.close();
        }
    }

    private Session raw() throws Exception {
        Place place = broker.freshPlace();
        Connection publishing = broker.connect();
        Connection consuming = broker.connect();
        Opened session = new Opened();
        Channel in = consuming.createChannel();
        in.basicQos(1_000);
        String unused = in.basicConsume(
                place.queue(),
                false,
                (consumer, delivery) -> {
                    session.handled(delivery.getProperties().getMessageId());
                    in.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
                },
                consumer -> {});
        Channel out = publishing.createChannel();
        out.confirmSelect();
        session.sending = number -> {
            synchronized (out) {
                out.basicPublish(place.exchange(), Sample.TYPE, true, Sample.properties(number), Sample.BODY);
            }
        };
        session.closing = () -> {
            publishing.close();
            consuming.close();
            broker.remove(place);
        };
        return session;
    }

    private Session eda() throws Exception {
        Place place = broker.freshPlace();
        RabbitMqTransport transport = RabbitMqTransport.connect(broker.options(place));
        Opened session = new Opened();
        transport.receive(Broker.request(1_000), deliveries -> {
            for (Delivery delivery : deliveries) {
                session.handled(delivery.message().id());
                delivery.ack();
            }
        });
        session.sending = number -> {
            var unused = transport.publish(List.of(Sample.message(number)));
        };
        session.closing = () -> {
            transport.close();
            broker.remove(place);
        };
        return session;
    }
}
