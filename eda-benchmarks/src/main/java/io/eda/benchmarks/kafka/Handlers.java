package io.eda.benchmarks.kafka;

import io.confluent.parallelconsumer.ParallelConsumerOptions;
import io.confluent.parallelconsumer.ParallelConsumerOptions.ProcessingOrder;
import io.confluent.parallelconsumer.ParallelStreamProcessor;
import io.eda.benchmarks.harness.Contender;
import io.eda.benchmarks.harness.Session;
import io.eda.bus.EventBus;
import io.eda.bus.EventHandler;
import io.eda.bus.SubscriptionOptions;
import io.eda.serialization.EventTypes;
import io.eda.serialization.JacksonEventSerializer;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.MessageListener;
import org.springframework.kafka.support.serializer.JacksonJsonDeserializer;

/** Those who hand typed events to a handler: our bus, Spring Kafka and Confluent's parallel-consumer. */
final class Handlers {

    static final String EDA = "eda bus";
    static final String SPRING = "Spring Kafka, ";
    static final String PARALLEL_CONSUMER = "parallel-consumer";

    private static final int LANES = 64;
    private static final JacksonEventSerializer JSON = new JacksonEventSerializer(
            EventTypes.builder().add(SampleMessages.TYPE, OrderCreated.class).build());

    private final Broker broker;
    private final String topic;
    private final int events;

    /** Handles what is in {@code topic}, that many events, from the first one on. */
    Handlers(Broker broker, String topic, int events) {
        this.broker = broker;
        this.topic = topic;
        this.events = events;
    }

    /** Those who handle an event by counting it. */
    List<Contender> counting() {
        return List.of(
                spring(1),
                spring(3),
                new Contender(EDA, "EventBus over KafkaTransport with its defaults, 8 lanes by key", 1, () -> {
                    SubscriptionOptions options = SubscriptionOptions.forGroup(broker.freshGroup());
                    return bus(options, event -> {});
                }));
    }

    /** Those who sleep for a millisecond over each event, many at a time, and never over two of one key. */
    List<Contender> sleeping() {
        return List.of(
                new Contender(PARALLEL_CONSUMER, "0.5.3.3, KEY, " + LANES + " at once", 1, this::parallelConsumer),
                new Contender(EDA, "EventBus over KafkaTransport, " + LANES + " lanes by key", 1, () -> {
                    SubscriptionOptions options =
                            SubscriptionOptions.forGroup(broker.freshGroup()).withConcurrency(LANES);
                    return bus(options, event -> Thread.sleep(1));
                }));
    }

    private Session bus(SubscriptionOptions options, EventHandler handler) {
        Intake intake = new Intake(events);
        EventBus bus = new EventBus(broker.transportReading(topic), JSON);
        // Closing the bus closes it.
        var unused = bus.subscribe(options, event -> {
            handler.handle(event);
            intake.add(1);
        });
        return intake.session(bus);
    }

    private Contender spring(int concurrency) {
        return new Contender(
                SPRING + concurrency,
                "record listener, JacksonJsonDeserializer, AckMode.BATCH, concurrency " + concurrency,
                1,
                () -> springContainer(concurrency));
    }

    private Session springContainer(int concurrency) {
        Intake intake = new Intake(events);
        var consumers = new DefaultKafkaConsumerFactory<>(
                broker.consumerProperties(broker.freshGroup()),
                new StringDeserializer(),
                new JacksonJsonDeserializer<>(OrderCreated.class, false));
        ContainerProperties properties = new ContainerProperties(topic);
        properties.setAckMode(ContainerProperties.AckMode.BATCH);
        properties.setMessageListener((MessageListener<String, OrderCreated>) event -> intake.add(1));
        var container = new ConcurrentMessageListenerContainer<>(consumers, properties);
        container.setConcurrency(concurrency);
        container.start();
        return intake.session(container::stop);
    }

    private Session parallelConsumer() {
        Intake intake = new Intake(events);
        KafkaConsumer<byte[], byte[]> consumer = broker.consumer(broker.freshGroup());
        ParallelStreamProcessor<byte[], byte[]> processor =
                ParallelStreamProcessor.createEosStreamProcessor(ParallelConsumerOptions.<byte[], byte[]>builder()
                        .consumer(consumer)
                        .ordering(ProcessingOrder.KEY)
                        .maxConcurrency(LANES)
                        .build());
        processor.subscribe(List.of(topic));
        processor.poll(event -> {
            sleep();
            intake.add(1);
        });
        return intake.session(() -> processor.closeDontDrainFirst(Duration.ofSeconds(10)));
    }

    private static void sleep() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
