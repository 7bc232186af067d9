package io.eda.broker.rabbitmq;

import io.eda.testkit.bus.EventBusContract;
import io.eda.transport.EventTransport;

/** The bus over partitioned groups, which keep the order of an aggregate over competing members. */
final class RabbitMqEventBusIT extends EventBusContract {

    private final RabbitMqOptions options = partitioned(TestRabbit.options());

    @Override
    protected EventTransport openTransport() {
        return RabbitMqTransport.connect(options);
    }

    private static RabbitMqOptions partitioned(RabbitMqOptions options) {
        return options.withTopology(options.topology().withPartitions(2));
    }
}
