package io.eda.benchmarks.kafka;

import io.eda.benchmarks.harness.Operation;
import io.eda.benchmarks.harness.Session;
import io.eda.broker.kafka.KafkaTransport;
import io.eda.transport.Delivery;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.TypePattern;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Receives with ours; the caller waits for what the transport brings. */
final class EdaReceiving implements Session {

    private static final int MAX_IN_FLIGHT = 1_000;
    private static final int STEP = 1_000;
    private static final long LOOK_NANOS = 200_000;

    private final KafkaTransport transport;
    private final int events;
    private final AtomicLong received = new AtomicLong();
    private long seen;

    private EdaReceiving(KafkaTransport transport, int events) {
        this.transport = transport;
        this.events = events;
    }

    static EdaReceiving open(Broker broker, String topic, int events) {
        EdaReceiving session = new EdaReceiving(broker.transportReading(topic), events);
        var request = new ReceiveRequest(broker.freshGroup(), Set.of(TypePattern.everything()), MAX_IN_FLIGHT, true);
        // Closing the transport closes it.
        var unused = session.transport.receive(request, deliveries -> {
            deliveries.forEach(Delivery::ack);
            session.received.addAndGet(deliveries.size());
        });
        session.await(1);
        return session;
    }

    @Override
    public Operation caller(int index) {
        return watch -> await(STEP);
    }

    private int await(int atLeast) {
        while (received.get() - seen < atLeast) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        long now = received.get();
        if (now >= events) {
            throw new IllegalStateException("All is received before the time is over: fill in more");
        }
        int more = (int) (now - seen);
        seen = now;
        return more;
    }

    @Override
    public void close() {
        transport.close();
    }
}
