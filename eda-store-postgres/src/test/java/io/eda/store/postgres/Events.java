package io.eda.store.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eda.event.AggregateId;
import io.eda.event.EventRecord;
import io.eda.event.EventType;
import io.eda.event.Metadata;
import io.eda.store.Append;
import io.eda.store.EventFilter;
import io.eda.store.EventPage;
import io.eda.store.EventStorage;
import io.eda.store.ExpectedVersion;
import io.eda.store.NewEvent;
import io.eda.store.StoredEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/** Events to append, and how to read all of them back. */
final class Events {

    private Events() {}

    static Append append(String aggregateId, ExpectedVersion expected, int count) {
        return new Append(
                AggregateId.of("order", aggregateId),
                expected,
                IntStream.range(0, count).mapToObj(i -> event(Instant.now())).toList());
    }

    static NewEvent event(Instant time) {
        return event(time, "conversation");
    }

    static NewEvent event(String correlationId) {
        return event(Instant.now(), correlationId);
    }

    private static NewEvent event(Instant time, String correlationId) {
        return new NewEvent(
                UUID.randomUUID(),
                EventType.of("thing.happened"),
                time,
                correlationId,
                "cause",
                "{}".getBytes(UTF_8),
                Metadata.empty());
    }

    static List<StoredEvent<EventRecord>> readAll(EventStorage storage, long after) {
        List<StoredEvent<EventRecord>> all = new ArrayList<>();
        EventPage page;
        long position = after;
        do {
            page = storage.readAll(position, EventFilter.all(), 500);
            all.addAll(page.events());
            position = page.position();
        } while (!page.isLast());
        return all;
    }

    /** Returns the events behind {@code after} as {@code id@version}. */
    static List<String> names(EventStorage storage, long after) {
        return readAll(storage, after).stream().map(Events::name).toList();
    }

    static String name(StoredEvent<EventRecord> stored) {
        return stored.event().aggregateId().id() + "@" + stored.event().aggregateVersion();
    }
}
