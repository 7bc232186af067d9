/** The outbox relay to Kafka and to RabbitMQ, beside the raw clients with the same messages, settings and confirms. */
@NullMarked
package io.eda.benchmarks.relay;

import org.jspecify.annotations.NullMarked;
