package io.eda.benchmarks.pipeline;

import io.eda.event.AggregateId;
import io.eda.event.Event;
import io.eda.event.EventType;
import io.eda.event.Metadata;
import io.eda.event.TimeOrderedIds;
import io.eda.serialization.EventTypes;
import io.eda.serialization.JacksonEventSerializer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** The events that are measured: small, of many aggregates. */
final class Notes {

    static final int BYTES = 250;

    private static final String TYPE = "note.written";
    private static final String TEXT = "x".repeat(BYTES - "{\"text\":\"\"}".length());

    private Notes() {}

    static JacksonEventSerializer serializer() {
        return new JacksonEventSerializer(
                EventTypes.builder().add(TYPE, Written.class).build());
    }

    static List<Event<Written>> create(int events, int aggregates) {
        TimeOrderedIds ids = new TimeOrderedIds(Clock.systemUTC());
        List<Event<Written>> notes = new ArrayList<>(events);
        for (int i = 0; i < events; i++) {
            notes.add(new Event<>(
                    ids.get(),
                    EventType.of(TYPE),
                    Clock.systemUTC().instant(),
                    "correlation",
                    "causation",
                    AggregateId.of("note", "note-" + i % aggregates),
                    1L + i / aggregates,
                    new Written(TEXT),
                    Metadata.empty()));
        }
        return notes;
    }

    /** What is noted. */
    record Written(String text) {}
}
