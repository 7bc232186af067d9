package io.eda.store;

import io.eda.event.AggregateId;
import java.util.List;

/**
 * A request to add events to one aggregate, all or none. Keep it where the outcome may stay unknown: handed in again, it is
 * recognised by its event ids and does nothing twice.
 *
 * @param aggregateId whose events they are
 * @param expectedVersion the condition
 * @param events 1 to {@value #MAX_EVENTS} events in their order, up to {@value #MAX_BYTES} bytes of data together
 */
public record Append(AggregateId aggregateId, ExpectedVersion expectedVersion, List<NewEvent> events) {

    /** The most events of one append. */
    public static final int MAX_EVENTS = 1_000;

    /** The most bytes of data of one append. */
    public static final int MAX_BYTES = 16 << 20;

    /** Checks the limits and copies the list. */
    public Append {
        events = List.copyOf(events);
        if (events.isEmpty() || events.size() > MAX_EVENTS) {
            throw new IllegalArgumentException("An append to " + aggregateId + " has " + events.size()
                    + " events: allowed are 1 to " + MAX_EVENTS);
        }
        long bytes = bytes(events);
        if (bytes > MAX_BYTES) {
            throw new IllegalArgumentException("An append to " + aggregateId + " has " + bytes
                    + " bytes of data, the limit is " + MAX_BYTES + ": split it into several decisions");
        }
        if (events.size() > 1
                && events.stream().map(NewEvent::eventId).distinct().count() < events.size()) {
            throw new IllegalArgumentException("An append to " + aggregateId + " has two events of one id: " + events);
        }
    }

    /** Returns how many bytes of data the events have together. */
    public long bytes() {
        return bytes(events);
    }

    private static long bytes(List<NewEvent> events) {
        long sum = 0;
        for (NewEvent event : events) {
            sum += event.data().length;
        }
        return sum;
    }
}
