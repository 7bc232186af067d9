/**
 * RabbitMQ: ours beside the raw client and Spring AMQP, all on the topology that ours declares, with the same bytes on the
 * wire: persistent, in a quorum queue, confirmed. Begin with {@code RabbitBench}.
 */
@NullMarked
package io.eda.benchmarks.rabbitmq;

import org.jspecify.annotations.NullMarked;
