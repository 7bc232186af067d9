package io.eda.benchmarks.kafka;

import io.eda.benchmarks.harness.Operation;
import io.eda.benchmarks.harness.Session;
import io.eda.broker.kafka.KafkaTransport;
import io.eda.transport.Message;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.TypePattern;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.errors.WakeupException;

/** One message after the other, each awaited by its publisher until it is received. */
final class RoundTrips implements Session {

    private static final long LIMIT_SECONDS = 30;

    private final Consumer<Message> publishing;
    private final AutoCloseable clients;
    private final Map<String, CompletableFuture<Void>> open;

    private RoundTrips(Consumer<Message> publishing, AutoCloseable clients, Map<String, CompletableFuture<Void>> open) {
        this.publishing = publishing;
        this.clients = clients;
        this.open = open;
    }

    static RoundTrips eda(Broker broker) throws Exception {
        String topic = broker.madeTopic(broker.freshPrefix());
        Map<String, CompletableFuture<Void>> open = new ConcurrentHashMap<>();
        KafkaTransport transport = broker.transportReading(topic);
        var request = new ReceiveRequest(broker.freshGroup(), Set.of(TypePattern.everything()), 1_000, true);
        var unused = transport.receive(
                request,
                deliveries -> deliveries.forEach(delivery -> {
                    arrived(open, delivery.message().id());
                    delivery.ack();
                }));
        RoundTrips session = new RoundTrips(message -> transport.publish(List.of(message)), transport, open);
        session.go();
        return session;
    }

    static RoundTrips raw(Broker broker) throws Exception {
        String topic = broker.madeTopic(broker.freshPrefix());
        Map<String, CompletableFuture<Void>> open = new ConcurrentHashMap<>();
        KafkaProducer<byte[], byte[]> producer = broker.producer();
        KafkaConsumer<byte[], byte[]> consumer = broker.consumer(broker.freshGroup());
        consumer.subscribe(List.of(topic));
        Thread poll = new Thread(() -> pollUntilWokenUp(consumer, open), "raw-poll");
        poll.start();
        AutoCloseable clients = () -> {
            consumer.wakeup();
            poll.join();
            producer.close();
        };
        RoundTrips session = new RoundTrips(
                message -> {
                    var unused = producer.send(SampleMessages.record(message, topic));
                },
                clients,
                open);
        session.go();
        return session;
    }

    private static void pollUntilWokenUp(
            KafkaConsumer<byte[], byte[]> consumer, Map<String, CompletableFuture<Void>> open) {
        try (consumer) {
            while (true) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                    var id = record.headers().lastHeader("ce_id");
                    arrived(open, new String(id.value(), StandardCharsets.UTF_8));
                });
                consumer.commitAsync((offsets, failure) -> {});
            }
        } catch (WakeupException e) {
            // It is told to end.
        }
    }

    private static void arrived(Map<String, CompletableFuture<Void>> open, String id) {
        CompletableFuture<Void> waiting = open.remove(id);
        if (waiting != null) {
            waiting.complete(null);
        }
    }

    @Override
    public Operation caller(int index) {
        return watch -> go();
    }

    private int go() throws Exception {
        String id = UUID.randomUUID().toString();
        CompletableFuture<Void> arrival = new CompletableFuture<>();
        open.put(id, arrival);
        publishing.accept(new Message(
                id,
                SampleMessages.TOPIC,
                "order.created",
                id,
                Map.of("ce_id", id, "ce_type", "order.created"),
                new byte[250]));
        arrival.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        return 1;
    }

    @Override
    public void close() throws Exception {
        clients.close();
    }
}
