package io.eda.command;

import io.eda.event.AggregateId;
import io.eda.event.EventRecord;
import io.eda.store.EventStorage;
import io.eda.store.StoredEvent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The commands behind the last events of one aggregate, each with what it led to: the events carry the command's id as their
 * cause. What is known here stays true, because events never change; it may only be behind. To be used under the lock of the
 * aggregate's slot.
 */
final class HandledCommands {

    private static final int PAGE = 500;

    private final AggregateId id;
    private final int maxEvents;
    private final Map<String, CommandResult> results = new LinkedHashMap<>();
    private String lastCause = "";

    // Up to which the events have been looked at; below 0, none was.
    private long version = -1;

    HandledCommands(AggregateId id, int maxEvents) {
        this.id = id;
        this.maxEvents = maxEvents;
    }

    /** Returns what the command led to, as far as the events up to {@code target}, or later, tell. */
    @Nullable
    CommandResult outcomeOf(String commandId, EventStorage storage, long target) {
        if (target - version > maxEvents) {
            results.clear();
            lastCause = "";
            lastEvents(storage, target).forEach(this::add);
        } else if (version < target) {
            readFrom(Math.max(1, version + 1), storage).forEach(this::add);
        }
        version = Math.max(version, target);
        return results.get(commandId);
    }

    /** Adds what was just stored behind the version up to which everything is known. */
    void add(String commandId, CommandResult result) {
        if (version == result.version() - result.eventCount()) {
            add(commandId, result.version(), result.position(), result.eventCount());
        }
    }

    /** Reads the last events, and those before them that belong to the first one's command: an outcome is whole or unknown. */
    private List<StoredEvent<EventRecord>> lastEvents(EventStorage storage, long target) {
        long first = Math.max(1, target - maxEvents + 1);
        for (int before = 1; ; before *= 8) {
            long from = Math.max(1, first - before);
            List<StoredEvent<EventRecord>> events = readFrom(from, storage);
            int start = (int) (first - from);
            while (start > 0 && causeOf(events, start - 1).equals(causeOf(events, start))) {
                start--;
            }
            if (start > 0 || from == 1) {
                return events.subList(start, events.size());
            }
        }
    }

    private List<StoredEvent<EventRecord>> readFrom(long from, EventStorage storage) {
        List<StoredEvent<EventRecord>> events = new ArrayList<>();
        List<StoredEvent<EventRecord>> page;
        do {
            page = storage.readAggregate(id, from + events.size(), PAGE);
            events.addAll(page);
        } while (page.size() == PAGE);
        return events;
    }

    private static String causeOf(List<StoredEvent<EventRecord>> events, int index) {
        return events.get(index).event().causationId();
    }

    private void add(StoredEvent<EventRecord> stored) {
        add(stored.event().causationId(), stored.event().aggregateVersion(), stored.position(), 1);
    }

    private void add(String cause, long newVersion, long position, int count) {
        CommandResult begun = results.get(cause);
        if (begun == null) {
            results.put(cause, new CommandResult(id, newVersion, position, count));
        } else if (cause.equals(lastCause)) {
            results.put(cause, new CommandResult(id, newVersion, position, begun.eventCount() + count));
        }
        // Otherwise the command was handled twice, before anybody looked: its first outcome counts.
        lastCause = cause;
        version = newVersion;
        Iterator<CommandResult> oldest = results.values().iterator();
        while (oldest.hasNext() && oldest.next().version() <= version - maxEvents) {
            oldest.remove();
        }
    }
}
