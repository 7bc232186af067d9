package io.eda.benchmarks.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eda.bus.EventBus;
import io.eda.event.AggregateId;
import io.eda.event.EventRecord;
import io.eda.event.EventType;
import io.eda.event.Metadata;
import io.eda.serialization.EventTypes;
import io.eda.serialization.JacksonEventSerializer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Events that a bus can decode, each with an id of its own: 250 bytes of JSON, a thousand aggregates. */
final class SampleEvents {

    private static final EventType TYPE = EventType.of("order.created");
    private static final int KEYS = 1_000;
    private static final int BYTES = 250;
    private static final int BATCH = 1_000;
    private static final byte[] BODY =
            ("{\"text\":\"" + "x".repeat(BYTES - "{\"text\":\"\"}".length()) + "\"}").getBytes(UTF_8);

    private SampleEvents() {}

    /** The data. */
    record Noted(String text) {}

    static String description() {
        return BYTES + " bytes of JSON, " + KEYS + " aggregates, 6 partitions";
    }

    static JacksonEventSerializer serializer() {
        return new JacksonEventSerializer(
                EventTypes.builder().add(TYPE.name(), Noted.class).build());
    }

    /** Makes a topic with that many events in it. */
    static String filledTopic(Broker broker, int events) {
        String prefix = broker.freshPrefix();
        try (EventBus bus = new EventBus(broker.transport(prefix), serializer())) {
            for (int filled = 0; filled < events; filled += BATCH) {
                List<EventRecord> batch = new ArrayList<>(BATCH);
                for (int i = 0; i < BATCH; i++) {
                    batch.add(event(filled + i));
                }
                bus.publishRecords(batch).forEach(CompletableFuture::join);
            }
        }
        return prefix + SampleMessages.TOPIC;
    }

    private static EventRecord event(int number) {
        return new EventRecord(
                UUID.randomUUID(),
                TYPE,
                Instant.parse("2026-11-25T20:00:00Z"),
                "correlation",
                "causation",
                AggregateId.of(SampleMessages.TOPIC, "key-" + number % KEYS),
                1L + number / KEYS,
                BODY,
                Metadata.empty());
    }
}
