package io.eda.benchmarks.kafka;

import io.eda.benchmarks.harness.Session;
import io.eda.broker.kafka.KafkaTransport;
import io.eda.transport.Delivery;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.TypePattern;
import java.util.Set;

/** Receives with our transport: bytes, and headers as strings. */
final class EdaReceiving {

    private static final int MAX_IN_FLIGHT = 1_000;

    private EdaReceiving() {}

    static Session open(Broker broker, String topic, int events) {
        Intake intake = new Intake(events);
        KafkaTransport transport = broker.transportReading(topic);
        var request = new ReceiveRequest(broker.freshGroup(), Set.of(TypePattern.everything()), MAX_IN_FLIGHT, true);
        // Closing the transport closes it.
        var unused = transport.receive(request, deliveries -> {
            deliveries.forEach(Delivery::ack);
            intake.add(deliveries.size());
        });
        return intake.session(transport);
    }
}
