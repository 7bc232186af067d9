package io.eda.broker.kafka;

import io.eda.testkit.bus.EventBusContract;
import io.eda.transport.EventTransport;
import java.time.Duration;
import java.util.Map;

/** The contract of the bus, over a real broker. Each case has topics of its own. */
final class KafkaBusContractIT extends EventBusContract {

    @Override
    protected EventTransport openTransport() {
        KafkaOptions options = TestKafka.options();
        return KafkaTransport.connect(options.withConsumer(Map.of("heartbeat.interval.ms", 200)));
    }

    @Override
    protected Duration patience() {
        return Duration.ofSeconds(60);
    }
}
