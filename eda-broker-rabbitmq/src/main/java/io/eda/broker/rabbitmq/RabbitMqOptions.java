package io.eda.broker.rabbitmq;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.ConnectionFactory;
import io.eda.retry.Backoff;
import java.time.Duration;
import java.util.List;

/**
 * How to reach the broker, and the limits of the transport.
 *
 * <p>Credentials, virtual host, TLS, and the driver's metrics are set at the {@code ConnectionFactory}, which is copied and
 * not changed: {@code factory.setMetricsCollector(new MicrometerMetricsCollector(registry))} counts connections, channels,
 * messages and confirms. Its automatic recovery is switched off in the copy, because the transport watches over its
 * connections by itself; its timeouts are cut to {@code deadline}.
 *
 * <p>Without TLS, and without a socket factory of its own, what a channel has to publish leaves in few large writes; otherwise
 * each message is a write.
 *
 * @param connectionFactory the client's own configuration
 * @param addresses the nodes of the cluster, tried in random order; none, the default, means the host of the factory
 * @param topology what stands on the broker
 * @param publishing how is published
 * @param deadline how long one publication, one declaration, or one look at dead letters may take, from 100 ms. Default 30 s
 * @param closeTimeout how long closing waits for confirms, and then for the broker to say goodbye. Default 5 s
 * @param heartbeat how often both sides say that they are there, in whole seconds from 1; a silent connection is given up
 *     after about twice as long. Default 10 s
 * @param reconnect the pauses between attempts to connect, and to subscribe. Default 100 ms to 10 s
 * @param ackBatch how many messages one acknowledgement covers at most, 1 to 10 000. Default 100
 * @param ackDelay how long an acknowledgement may wait for others. Default 10 ms
 */
public record RabbitMqOptions(
        ConnectionFactory connectionFactory,
        List<Address> addresses,
        RabbitMqTopology topology,
        RabbitMqPublishing publishing,
        Duration deadline,
        Duration closeTimeout,
        Duration heartbeat,
        Backoff reconnect,
        int ackBatch,
        Duration ackDelay) {

    /** Checks every limit, and copies the addresses. */
    public RabbitMqOptions {
        addresses = List.copyOf(addresses);
        if (deadline.compareTo(Duration.ofMillis(100)) < 0 || closeTimeout.isNegative()) {
            throw new IllegalArgumentException("A deadline of " + deadline + " and a close timeout of " + closeTimeout
                    + ": allow at least 100 ms for an answer of the broker, and no negative time for closing");
        }
        if (heartbeat.compareTo(Duration.ofSeconds(1)) < 0 || heartbeat.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("A heartbeat of " + heartbeat
                    + ": use 1 second to 1 hour; without one a dead broker is never noticed");
        }
        if (ackBatch < 1 || ackBatch > 10_000 || ackDelay.isNegative()) {
            throw new IllegalArgumentException("Acknowledgements of " + ackBatch + " messages after " + ackDelay
                    + ": use 1 to 10 000 messages, and no negative delay");
        }
    }

    /** Returns the defaults over {@code connectionFactory}. */
    public static RabbitMqOptions of(ConnectionFactory connectionFactory) {
        return new RabbitMqOptions(
                connectionFactory,
                List.of(),
                RabbitMqTopology.defaults(),
                RabbitMqPublishing.defaults(),
                Duration.ofSeconds(30),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10)),
                100,
                Duration.ofMillis(10));
    }

    /** Returns a copy that connects to one of {@code newAddresses}. */
    public RabbitMqOptions withAddresses(List<Address> newAddresses) {
        return new RabbitMqOptions(
                connectionFactory,
                newAddresses,
                topology,
                publishing,
                deadline,
                closeTimeout,
                heartbeat,
                reconnect,
                ackBatch,
                ackDelay);
    }

    /** Returns a copy with another topology. */
    public RabbitMqOptions withTopology(RabbitMqTopology newTopology) {
        return new RabbitMqOptions(
                connectionFactory,
                addresses,
                newTopology,
                publishing,
                deadline,
                closeTimeout,
                heartbeat,
                reconnect,
                ackBatch,
                ackDelay);
    }

    /** Returns a copy that publishes otherwise. */
    public RabbitMqOptions withPublishing(RabbitMqPublishing newPublishing) {
        return new RabbitMqOptions(
                connectionFactory,
                addresses,
                topology,
                newPublishing,
                deadline,
                closeTimeout,
                heartbeat,
                reconnect,
                ackBatch,
                ackDelay);
    }

    /** Returns a copy with other limits of time. */
    public RabbitMqOptions withDeadlines(Duration newDeadline, Duration newCloseTimeout) {
        return new RabbitMqOptions(
                connectionFactory,
                addresses,
                topology,
                publishing,
                newDeadline,
                newCloseTimeout,
                heartbeat,
                reconnect,
                ackBatch,
                ackDelay);
    }

    /** Returns a copy that watches its connections otherwise. */
    public RabbitMqOptions withReconnect(Duration newHeartbeat, Backoff newReconnect) {
        return new RabbitMqOptions(
                connectionFactory,
                addresses,
                topology,
                publishing,
                deadline,
                closeTimeout,
                newHeartbeat,
                newReconnect,
                ackBatch,
                ackDelay);
    }

    /** Returns a copy that acknowledges in other batches. */
    public RabbitMqOptions withAcks(int newAckBatch, Duration newAckDelay) {
        return new RabbitMqOptions(
                connectionFactory,
                addresses,
                topology,
                publishing,
                deadline,
                closeTimeout,
                heartbeat,
                reconnect,
                newAckBatch,
                newAckDelay);
    }
}
