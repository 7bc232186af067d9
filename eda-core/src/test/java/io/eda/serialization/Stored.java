package io.eda.serialization;

import io.eda.event.AggregateId;
import io.eda.event.EventRecord;
import io.eda.event.EventType;
import io.eda.event.Metadata;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/** Records as an earlier release, another program or a broken disk could have left them. */
final class Stored {

    static final UUID ID = UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057");

    private Stored() {}

    static EventRecord as(String name, String json) {
        return as(name, 1, json);
    }

    static EventRecord as(String name, int version, String json) {
        return as(EventType.of(name, version), json.getBytes(StandardCharsets.UTF_8));
    }

    static EventRecord as(EventType type, byte[] data) {
        return new EventRecord(
                ID,
                type,
                Instant.parse("2026-03-01T10:00:00Z"),
                "conversation",
                "cause",
                AggregateId.of("user", "7"),
                3,
                data,
                Metadata.of("tenant", "acme"));
    }
}
