package io.eda.store.postgres;

import io.eda.event.EventRecord;
import io.eda.store.StoredEvent;
import java.util.List;
import java.util.Map;

/** About how much memory events take: their texts and data, and what the objects around them cost on a 64-bit JVM. */
final class EventWeight {

    /** What an event takes beside its texts and data. */
    static final long OBJECTS = 450;

    private static final long ENTRY = 150;

    private EventWeight() {}

    static long of(StoredEvent<EventRecord> stored) {
        EventRecord event = stored.event();
        long bytes = OBJECTS
                + event.data().length
                + event.aggregateId().id().length()
                + event.correlationId().length()
                + event.causationId().length();
        if (!event.metadata().isEmpty()) {
            for (Map.Entry<String, String> entry : event.metadata().asMap().entrySet()) {
                bytes += ENTRY + entry.getKey().length() + entry.getValue().length();
            }
        }
        return bytes;
    }

    static long of(List<StoredEvent<EventRecord>> events) {
        long bytes = 0;
        for (StoredEvent<EventRecord> event : events) {
            bytes += of(event);
        }
        return bytes;
    }
}
