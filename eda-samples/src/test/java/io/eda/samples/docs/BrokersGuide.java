package io.eda.samples.docs;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.impl.MicrometerMetricsCollector;
import io.eda.broker.kafka.KafkaOptions;
import io.eda.broker.kafka.KafkaTopics;
import io.eda.broker.kafka.KafkaTransport;
import io.eda.broker.kafka.StartingPoint;
import io.eda.broker.rabbitmq.RabbitMqOptions;
import io.eda.broker.rabbitmq.RabbitMqTopology;
import io.eda.broker.rabbitmq.RabbitMqTransport;
import io.eda.bus.EventBus;
import io.eda.bus.EventHandler;
import io.eda.bus.SubscriptionOptions;
import io.eda.event.Event;
import io.eda.serialization.JacksonEventSerializer;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The code of {@code docs/guides/rabbitmq.md} and {@code docs/guides/kafka.md}. */
abstract class BrokersGuide {

    private final JacksonEventSerializer json;

    BrokersGuide(JacksonEventSerializer json) {
        this.json = json;
    }

    /** Makes one event of another. */
    abstract Event<?> invoiceOf(Event<?> event);

    EventBus overRabbitMq(MeterRegistry registry) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri("amqps://app:secret@rabbit-1/orders"); // credentials, virtual host and TLS stand here, as always
        factory.setMetricsCollector(new MicrometerMetricsCollector(registry));

        RabbitMqOptions options = RabbitMqOptions.of(factory)
                .withAddresses(List.of(
                        new Address("rabbit-1", 5671), new Address("rabbit-2", 5671), new Address("rabbit-3", 5671)))
                .withTopology(RabbitMqTopology.defaults().withPartitions(8));

        EventBus bus = new EventBus(RabbitMqTransport.connect(options), json);
        return bus;
    }

    EventBus overKafka() {
        KafkaOptions options = KafkaOptions.of(Map.of("bootstrap.servers", "kafka-1:9092,kafka-2:9092"))
                .withTopics(KafkaTopics.defaults().withPartitions(12).withReplication(3, 2));
        EventBus bus = new EventBus(KafkaTransport.connect(options), json);
        return bus;
    }

    void againFromThePast(KafkaTransport transport, EventBus bus, EventHandler rebuildReports) {
        transport.rewind("reports-2026", StartingPoint.at(Instant.parse("2026-01-01T00:00:00Z")));
        bus.subscribe(SubscriptionOptions.forGroup("reports-2026"), rebuildReports);
    }

    void withoutOrder(EventBus bus, EventHandler makeThumbnail) {
        bus.subscribe(SubscriptionOptions.forGroup("thumbnails").withoutOrder(), makeThumbnail);
    }

    void exactlyOnce(KafkaOptions options) {
        KafkaOptions transactional = options.withTransactions("orders-0"); // no other running process has this name
        EventBus bus = new EventBus(KafkaTransport.connect(transactional), json);
        bus.process(
                SubscriptionOptions.forGroup("invoicing").withTypes("order.paid"), event -> List.of(invoiceOf(event)));
    }
}
