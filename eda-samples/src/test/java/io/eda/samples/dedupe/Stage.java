package io.eda.samples.dedupe;

import com.rabbitmq.client.ConnectionFactory;
import io.eda.broker.kafka.KafkaLimits;
import io.eda.broker.kafka.KafkaOptions;
import io.eda.broker.kafka.KafkaTopics;
import io.eda.broker.kafka.KafkaTransport;
import io.eda.broker.rabbitmq.RabbitMqOptions;
import io.eda.broker.rabbitmq.RabbitMqTopology;
import io.eda.broker.rabbitmq.RabbitMqTransport;
import io.eda.idempotency.redis.RedisIdempotencyOptions;
import io.eda.store.postgres.PostgresOptions;
import io.eda.transport.EventTransport;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Where everything happens: four servers, and names on them that belong to one run.
 *
 * @param mark letters and digits that begin every name
 */
record Stage(String kafka, String rabbitMq, String redis, String jdbcUrl, String mark) {

    static Stage of(List<String> arguments) {
        return new Stage(arguments.get(0), arguments.get(1), arguments.get(2), arguments.get(3), arguments.get(4));
    }

    List<String> arguments() {
        return List.of(kafka, rabbitMq, redis, jdbcUrl, mark);
    }

    /** Connects to each broker; {@code member} names a member that comes back after it was killed, or is empty for a publisher. */
    Map<String, EventTransport> connect(String member) throws Exception {
        return Map.of("kafka", connectToKafka(member), "rabbitmq", connectToRabbitMq());
    }

    private EventTransport connectToKafka(String member) {
        // A known member takes its place again at once, where a new one waits until the dead one is missed.
        Map<String, Object> consumer = member.isEmpty()
                ? Map.of()
                : Map.of("group.instance.id", member, "session.timeout.ms", 6_000, "heartbeat.interval.ms", 500);
        return KafkaTransport.connect(KafkaOptions.of(Map.of("bootstrap.servers", kafka))
                .withTopics(KafkaTopics.defaults()
                        .withPrefix(topicPrefix())
                        .withPartitions(4)
                        .withDiscovery(Duration.ofMillis(500)))
                .withLimits(KafkaLimits.defaults().withCommitInterval(Duration.ofMillis(200)))
                .withConsumer(consumer));
    }

    private EventTransport connectToRabbitMq() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(rabbitMq);
        return RabbitMqTransport.connect(RabbitMqOptions.of(factory)
                .withTopology(RabbitMqTopology.defaults().withExchange(exchange())));
    }

    /** The group that counts in Redis. */
    String counter() {
        return mark + "-counter";
    }

    /** The group that writes to PostgreSQL. */
    String ledger() {
        return mark + "-ledger";
    }

    String topicPrefix() {
        return mark + ".";
    }

    /** What the names of all queues begin with. */
    String exchange() {
        return mark;
    }

    RedisIdempotencyOptions claims() {
        return RedisIdempotencyOptions.defaults()
                .withKeyPrefix(mark + ":claim:")
                .withCommandTimeout(Duration.ofSeconds(10));
    }

    /** A list: the attempts whose effect on the event took place. */
    String effectKey(Object event) {
        return mark + ":effect:" + event;
    }

    /** How many effects there were, on any event. */
    String effectsKey() {
        return mark + ":effects";
    }

    PostgresOptions postgres() {
        return PostgresOptions.defaults().withSchema(mark);
    }
}
