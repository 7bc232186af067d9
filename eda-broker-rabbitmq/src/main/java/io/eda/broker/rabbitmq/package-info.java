/**
 * RabbitMQ 3.10 or newer as an event transport.
 *
 * <p>{@link io.eda.broker.rabbitmq.RabbitMqTransport} is the door, {@link io.eda.broker.rabbitmq.RabbitMqOptions} holds every
 * limit. Inside, begin with {@code Topology}: what stands on the broker; then {@code PublishLane}: how a confirm finds its
 * future; then {@code Dispatch}: how one key stays in order over failures.
 *
 * <pre>
 *   publish ─► Publisher ─► PublishLane (one writer, one channel) ─► exchange ─► queue of each group
 *                               ▲ confirms, returns                                  │
 *   handler ◄─ Dispatch ◄─ ChannelSubscription (one channel a queue) ◄───────────────┤
 *      └─ ack, retryLater, reject ─► Acks                     dead letters ◄─────────┘
 * </pre>
 */
@NullMarked
package io.eda.broker.rabbitmq;

import org.jspecify.annotations.NullMarked;
