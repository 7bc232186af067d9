package io.eda.testkit;

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
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

/** Events to append, and how to read all of them back. */
final class EventSamples {

    static final Instant TIME = Instant.parse("2026-11-02T10:15:30.123456Z");

    private EventSamples() {}

    static NewEvent event(EventType type, byte[] data) {
        return event(type, TIME, data, Metadata.empty());
    }

    static NewEvent event(EventType type, Instant time, byte[] data, Metadata metadata) {
        return new NewEvent(UUID.randomUUID(), type, time, "conversation", "cause", data, metadata);
    }

    static NewEvent event(String text) {
        return event(EventType.of("thing.happened"), text.getBytes(UTF_8));
    }

    static List<NewEvent> events(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> event("fact " + i)).toList();
    }

    static Append append(AggregateId id, ExpectedVersion expected, int count) {
        return new Append(id, expected, events(count));
    }

    /** Texts that a careless encoding changes. */
    static NewEvent trickyEvent() {
        return new NewEvent(
                UUID.randomUUID(),
                EventType.of("größe.geändert", 7),
                Instant.parse("1969-12-31T23:59:59.999999Z"),
                "corrélation 'quoted' \"twice\" {a,b} \\n NULL",
                "因果 𝄞 \\",
                "{\"größe\": null}".getBytes(UTF_8),
                Metadata.of(Map.of(
                        "traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                        "empty", "",
                        "Ключ = 1", "значение; with = and : and , \" ' \\",
                        "emoji", "👩‍🚀",
                        "long", "x".repeat(Metadata.MAX_VALUE_LENGTH))));
    }

    /** Reads everything behind {@code after} that passes, page by page, and checks each page's own promises. */
    static List<StoredEvent<EventRecord>> readAll(EventStorage storage, long after, EventFilter filter, int limit) {
        List<StoredEvent<EventRecord>> all = new ArrayList<>();
        long position = after;
        while (true) {
            EventPage page = storage.readAll(position, filter, limit);
            check(page, position, filter, limit);
            all.addAll(page.events());
            if (page.isLast()) {
                return all;
            }
            if (page.position() == position) {
                throw new AssertionError("A page that is not the last one must end behind where it began: " + page);
            }
            position = page.position();
        }
    }

    private static void check(EventPage page, long after, EventFilter filter, int limit) {
        if (page.events().size() > limit) {
            throw new AssertionError("A page of " + page.events().size() + " events, the limit was " + limit);
        }
        long last = after;
        for (StoredEvent<EventRecord> stored : page.events()) {
            if (stored.position() <= last || stored.position() > page.position()) {
                throw new AssertionError("The position " + stored.position() + " comes behind " + last
                        + " in a page that ends at " + page.position());
            }
            if (!filter.accepts(stored.event().eventType().name())) {
                throw new AssertionError(stored + " should not have passed " + filter);
            }
            last = stored.position();
        }
        if (page.position() < after) {
            throw new AssertionError("A page behind " + after + " ends before it, at " + page.position());
        }
    }
}
