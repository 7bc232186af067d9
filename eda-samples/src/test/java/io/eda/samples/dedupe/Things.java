package io.eda.samples.dedupe;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eda.event.AggregateId;
import io.eda.event.EventRecord;
import io.eda.event.EventType;
import io.eda.event.Metadata;
import io.eda.serialization.EventSerializer;
import io.eda.serialization.EventTypes;
import io.eda.serialization.JacksonEventSerializer;
import java.time.Instant;
import java.util.UUID;

/** The events that are counted. */
final class Things {

    record Counted(int number) {}

    private Things() {}

    static EventSerializer serializer() {
        return new JacksonEventSerializer(
                EventTypes.builder().add("thing.counted", Counted.class).build());
    }

    static EventRecord event(int number) {
        return new EventRecord(
                UUID.randomUUID(),
                EventType.of("thing.counted"),
                Instant.parse("2026-01-01T00:00:00Z").plusSeconds(number),
                "conversation",
                "cause",
                AggregateId.of("thing", Integer.toString(number)),
                1,
                ("{\"number\":" + number + "}").getBytes(UTF_8),
                Metadata.empty());
    }
}
