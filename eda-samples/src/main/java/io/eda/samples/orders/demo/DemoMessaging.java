package io.eda.samples.orders.demo;

import com.rabbitmq.client.ConnectionFactory;
import io.eda.broker.kafka.KafkaOptions;
import io.eda.broker.kafka.KafkaTopics;
import io.eda.broker.kafka.KafkaTransport;
import io.eda.broker.rabbitmq.RabbitMqOptions;
import io.eda.broker.rabbitmq.RabbitMqPublishing;
import io.eda.broker.rabbitmq.RabbitMqPublishing.AfterLoss;
import io.eda.broker.rabbitmq.RabbitMqPublishing.Unroutable;
import io.eda.broker.rabbitmq.RabbitMqTopology;
import io.eda.broker.rabbitmq.RabbitMqTransport;
import io.eda.bus.Deduplication;
import io.eda.idempotency.redis.RedisIdempotencyOptions;
import io.eda.idempotency.redis.RedisIdempotencyStore;
import io.eda.samples.orders.Messaging;
import io.lettuce.core.RedisURI;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Optional;

/** What the demo's services talk over: nothing but memory, or the servers that the options ask for. */
final class DemoMessaging {

    private final Map<String, String> environment;
    private final Resources resources;

    /** Finds servers in {@code environment}; what it opens beside the transport, {@code resources} closes. */
    DemoMessaging(Map<String, String> environment, Resources resources) {
        this.environment = environment;
        this.resources = resources;
    }

    /** Opens what {@code options} ask for; the names of topics, queues and keys begin with {@code prefix}. */
    Messaging open(Options options, String prefix) {
        Messaging messaging =
                switch (options.bus()) {
                    case MEMORY -> Messaging.inMemory();
                    case RABBITMQ -> Messaging.over(rabbitMq(prefix));
                    case KAFKA -> Messaging.over(kafka(prefix));
                };
        return options.dedupe() == Options.Dedupe.REDIS ? messaging.withDeduplication(redis(prefix)) : messaging;
    }

    private RabbitMqTransport rabbitMq(String prefix) {
        String uri = server("--bus rabbitmq", "EDA_RABBITMQ_URI");
        ConnectionFactory factory = new ConnectionFactory();
        try {
            factory.setUri(uri);
        } catch (URISyntaxException | GeneralSecurityException e) {
            throw new DemoException("EDA_RABBITMQ_URI is no address of a RabbitMQ: " + e.getMessage(), e);
        }
        try {
            return RabbitMqTransport.connect(RabbitMqOptions.of(factory)
                    .withTopology(RabbitMqTopology.defaults().withExchange(prefix + "events"))
                    // Some of the facts have nobody who waits for them.
                    .withPublishing(
                            RabbitMqPublishing.defaults().withChoices(AfterLoss.PUBLISH_AGAIN, Unroutable.IS_DROPPED)));
        } catch (RuntimeException e) {
            throw silent("RabbitMQ", e);
        }
    }

    private KafkaTransport kafka(String prefix) {
        String servers = server("--bus kafka", "EDA_KAFKA_BOOTSTRAP");
        try {
            return KafkaTransport.connect(KafkaOptions.of(Map.of("bootstrap.servers", servers))
                    .withTopics(KafkaTopics.defaults().withPrefix(prefix + "events.")));
        } catch (RuntimeException e) {
            throw silent("Kafka", e);
        }
    }

    private Deduplication redis(String prefix) {
        String uri = server("--dedupe redis", "EDA_REDIS_URI");
        try {
            return Deduplication.by(resources.add(RedisIdempotencyStore.connect(
                    RedisURI.create(uri), RedisIdempotencyOptions.defaults().withKeyPrefix(prefix + "eda"))));
        } catch (RuntimeException e) {
            throw silent("Redis", e);
        }
    }

    private String server(String option, String variable) {
        return Optional.ofNullable(environment.get(variable))
                .filter(value -> !value.isBlank())
                .orElseThrow(() -> new DemoException(option + " needs a server: name yours in " + variable
                        + ", or run dev/servers up and the lines that it prints"));
    }

    private static DemoException silent(String server, RuntimeException e) {
        return new DemoException(server + " cannot be used: " + e.getMessage(), e);
    }
}
