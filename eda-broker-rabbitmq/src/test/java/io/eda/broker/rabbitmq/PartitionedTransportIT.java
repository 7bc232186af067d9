package io.eda.broker.rabbitmq;

/** The same with two queues a group, each with one active consumer. */
final class PartitionedTransportIT extends RabbitMqTransportIT {

    @Override
    int partitions() {
        return 2;
    }
}
