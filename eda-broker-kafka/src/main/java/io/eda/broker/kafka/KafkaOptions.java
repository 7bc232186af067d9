package io.eda.broker.kafka;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Optional;

/**
 * How a {@link KafkaTransport} connects and behaves. Every property of Kafka's clients can be set, by its own name; the few
 * on which the transport's promises rest are refused with another value.
 *
 * @param client properties of all clients: {@code bootstrap.servers}, {@code security.protocol}, {@code sasl.*}, {@code ssl.*}
 * @param producer properties of the producer alone, before those of all clients
 * @param consumer properties of the consumers alone, such as {@code group.protocol} or {@code group.instance.id}
 * @param admin properties of the admin client alone
 * @param topics which topics there are
 * @param limits how much, and how long
 * @param start where a new group begins. Default {@link StartingPoint#earliest}
 * @param meters where the clients' own metrics go; share consumers are not among them. Default nowhere
 * @param transactions the prefix of this process's transactional ids, where messages are published and acknowledged in one
 *     transaction; no other process that runs at the same time has the same. Default no transactions
 */
public record KafkaOptions(
        Map<String, Object> client,
        Map<String, Object> producer,
        Map<String, Object> consumer,
        Map<String, Object> admin,
        KafkaTopics topics,
        KafkaLimits limits,
        StartingPoint start,
        Optional<MeterRegistry> meters,
        Optional<String> transactions) {

    /** Copies the properties, and refuses those that would break a promise. */
    public KafkaOptions {
        client = Map.copyOf(client);
        producer = Map.copyOf(producer);
        consumer = Map.copyOf(consumer);
        admin = Map.copyOf(admin);
        ClientProperties.refuseContradictions(client, producer, consumer);
        if (transactions.isPresent()) {
            ClientProperties.refuseContradictions(transactions.get(), client, consumer);
        }
    }

    /** Returns the defaults over these properties of all clients; {@code bootstrap.servers} is owed. */
    public static KafkaOptions of(Map<String, Object> client) {
        return new KafkaOptions(
                client,
                Map.of(),
                Map.of(),
                Map.of(),
                KafkaTopics.defaults(),
                KafkaLimits.defaults(),
                StartingPoint.earliest(),
                Optional.empty(),
                Optional.empty());
    }

    /** Returns a copy with these properties of the producer. */
    public KafkaOptions withProducer(Map<String, Object> properties) {
        return new KafkaOptions(client, properties, consumer, admin, topics, limits, start, meters, transactions);
    }

    /** Returns a copy with these properties of the consumers. */
    public KafkaOptions withConsumer(Map<String, Object> properties) {
        return new KafkaOptions(client, producer, properties, admin, topics, limits, start, meters, transactions);
    }

    /** Returns a copy with these properties of the admin client. */
    public KafkaOptions withAdmin(Map<String, Object> properties) {
        return new KafkaOptions(client, producer, consumer, properties, topics, limits, start, meters, transactions);
    }

    /** Returns a copy with other topics. */
    public KafkaOptions withTopics(KafkaTopics newTopics) {
        return new KafkaOptions(client, producer, consumer, admin, newTopics, limits, start, meters, transactions);
    }

    /** Returns a copy with other limits. */
    public KafkaOptions withLimits(KafkaLimits newLimits) {
        return new KafkaOptions(client, producer, consumer, admin, topics, newLimits, start, meters, transactions);
    }

    /** Returns a copy whose new groups begin elsewhere. */
    public KafkaOptions withStart(StartingPoint newStart) {
        return new KafkaOptions(client, producer, consumer, admin, topics, limits, newStart, meters, transactions);
    }

    /** Returns a copy that tells the clients' metrics to {@code registry}. */
    public KafkaOptions withMeters(MeterRegistry registry) {
        return new KafkaOptions(
                client, producer, consumer, admin, topics, limits, start, Optional.of(registry), transactions);
    }

    /**
     * Returns a copy with transactions: ordered groups publish what their handlers make, and commit, in one.
     *
     * @param prefix what no other process has that runs at the same time, and this one has again after a restart, such as the
     *     name of a pod in a stateful set: then what a crash has left open is ended at once, and not by its timeout
     */
    public KafkaOptions withTransactions(String prefix) {
        return new KafkaOptions(client, producer, consumer, admin, topics, limits, start, meters, Optional.of(prefix));
    }
}
