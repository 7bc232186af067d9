/**
 * Events over Apache Kafka. Begin at {@link io.eda.broker.kafka.KafkaTransport} and {@link io.eda.broker.kafka.KafkaOptions}.
 *
 * <pre>
 * publish ─► Publisher ─ queue ─► sender thread ─► KafkaProducer ─► events.order, events.payment, …
 *                                                                        │
 * Delivery.ack ─► Backlog ◄─ Window of each partition ◄─ poll thread ◄───┘
 *                    │               │
 *    dispatch thread ┘               └─► commits the finished prefix, and nothing past it
 * </pre>
 */
@NullMarked
package io.eda.broker.kafka;

import org.jspecify.annotations.NullMarked;
