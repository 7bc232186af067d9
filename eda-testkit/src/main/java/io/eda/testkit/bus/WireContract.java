package io.eda.testkit.bus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.eda.bus.EventBus;
import io.eda.event.Event;
import io.eda.event.EventType;
import io.eda.event.Metadata;
import io.eda.transport.Delivery;
import io.eda.transport.Message;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.Receiver;
import io.eda.transport.TypePattern;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is written is what others read, byte for byte, after it went through the broker. */
abstract class WireContract extends BusCases {

    private static final UUID ID = UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057");
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    WireContract(EventBusContract suite) {
        super(suite);
    }

    @Test
    void a_binary_cloud_event_is_the_golden_one() throws Exception {
        List<Message> arrived = listen();

        publish(golden());

        eventually("it arrived", () -> arrived.size() == 1);
        Message message = arrived.get(0);
        assertThat(message.id()).isEqualTo(ID.toString());
        assertThat(message.type()).isEqualTo(typeName());
        assertThat(message.key()).isEqualTo("größe 42");
        assertThat(message.headers()).isEqualTo(binaryHeaders("ce_"));
        assertThat(new String(message.body(), UTF_8)).isEqualTo("{\"cents\":7}");
    }

    @Test
    void a_structured_cloud_event_is_the_golden_one() throws Exception {
        List<Message> arrived = listen();
        EventBus structured =
                EventBus.builder(transport(), serializer()).structured().build();

        structured.publish(golden()).get(patience().toNanos(), TimeUnit.NANOSECONDS);

        eventually("it arrived", () -> arrived.size() == 1);
        Message message = arrived.get(0);
        assertThat(message.headers())
                .containsEntry("content-type", "application/cloudevents+json; charset=UTF-8")
                .containsEntry("traceparent", TRACE);
        assertThat(new String(message.body(), UTF_8))
                .isEqualTo("{\"specversion\":\"1.0\",\"id\":\"" + ID + "\",\"source\":\"/eda\",\"type\":\"" + typeName()
                        + "\",\"time\":\"2026-11-25T10:15:30.123456Z\",\"subject\":\"größe 42\",\"schemaversion\":1,"
                        + "\"aggregatetype\":\"" + account("a").type() + "\",\"aggregateversion\":\"7\","
                        + "\"correlationid\":\"talk\",\"causationid\":\"cause\",\"traceparent\":\"" + TRACE + "\","
                        + "\"edametadata\":\"{\\\"tenant\\\":\\\"größe\\\"}\",\"datacontenttype\":\"application/json\","
                        + "\"data\":{\"cents\":7}}");
    }

    @Test
    void an_event_is_read_from_every_binding_and_in_both_modes() throws Exception {
        List<Event<?>> handled = new CopyOnWriteArrayList<>();
        subscribe(options("mail"), handled::add);
        List<String> prefixes = List.of("ce_", "cloudEvents_", "cloudEvents:", "ce-");

        for (String prefix : prefixes) {
            publishRaw(binaryHeaders(prefix), "{\"cents\":7}");
        }
        publishRaw(
                Map.of("content-type", "application/cloudevents+json"),
                "{\"specversion\":\"1.0\",\"id\":\"" + ID + "\",\"source\":\"/other\",\"type\":\"" + typeName()
                        + "\",\"time\":\"2026-11-25T10:15:30.123456Z\",\"subject\":\"größe 42\",\"schemaversion\":1,"
                        + "\"aggregatetype\":\"" + account("a").type() + "\",\"aggregateversion\":\"7\","
                        + "\"correlationid\":\"talk\",\"causationid\":\"cause\",\"traceparent\":\"" + TRACE + "\","
                        + "\"edametadata\":\"{\\\"tenant\\\":\\\"größe\\\"}\",\"data\":{\"cents\":7}}");

        eventually("all are handled", () -> handled.size() >= 5);
        assertThat(handled).hasSize(5).allSatisfy(event -> assertThat(event).isEqualTo(golden()));
    }

    private Event<Deposited> golden() {
        return new Event<>(
                ID,
                EventType.of(typeName()),
                Instant.parse("2026-11-25T10:15:30.123456Z"),
                "talk",
                "cause",
                account("größe 42"),
                7,
                new Deposited(7),
                Metadata.of(Map.of("tenant", "größe", "traceparent", TRACE)));
    }

    private Map<String, String> binaryHeaders(String prefix) {
        Map<String, String> headers = new HashMap<>(Map.of(
                "eventId",
                ID.toString(),
                "eventType",
                typeName(),
                "content-type",
                "application/json",
                "traceparent",
                TRACE,
                "eda_tenant",
                "größe"));
        headers.put(prefix + "specversion", "1.0");
        headers.put(prefix + "id", ID.toString());
        headers.put(prefix + "type", typeName());
        headers.put(prefix + "source", "/eda");
        headers.put(prefix + "time", "2026-11-25T10:15:30.123456Z");
        headers.put(prefix + "subject", "größe 42");
        headers.put(prefix + "schemaversion", "1");
        headers.put(prefix + "aggregatetype", account("a").type());
        headers.put(prefix + "aggregateversion", "7");
        headers.put(prefix + "correlationid", "talk");
        headers.put(prefix + "causationid", "cause");
        return headers;
    }

    private void publishRaw(Map<String, String> headers, String body) throws Exception {
        Message message = new Message(
                UUID.randomUUID().toString(),
                account("a").type(),
                typeName(),
                "größe 42",
                headers,
                body.getBytes(UTF_8));
        transport().publish(List.of(message)).get(0).get(patience().toNanos(), TimeUnit.NANOSECONDS);
    }

    private List<Message> listen() {
        List<Message> arrived = new CopyOnWriteArrayList<>();
        ReceiveRequest request = new ReceiveRequest(group("listener"), Set.of(new TypePattern(typeName())), 10, true);
        Receiver receiver = transport().receive(request, deliveries -> {
            for (Delivery delivery : deliveries) {
                arrived.add(delivery.message());
                delivery.ack();
            }
        });
        eventually("it listens", () -> receiver.status().isReceiving());
        return arrived;
    }
}
