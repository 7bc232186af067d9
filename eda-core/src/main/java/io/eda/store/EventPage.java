package io.eda.store;

import io.eda.event.EventRecord;
import java.util.List;

/**
 * A stretch of the order of all events.
 *
 * @param events the wanted events of the stretch, ascending in position
 * @param position where the stretch ends: whoever handled the events has seen everything up to here, and reads on from here
 * @param visiblePosition up to where all could be read when this was; equal to {@code position} at the end
 */
public record EventPage(List<StoredEvent<EventRecord>> events, long position, long visiblePosition) {

    /** Copies the list and checks the order of the two positions. */
    public EventPage {
        events = List.copyOf(events);
        if (position > visiblePosition) {
            throw new IllegalArgumentException(
                    "A page ends at " + position + ", behind what is visible, " + visiblePosition);
        }
    }

    /** Returns whether there was nothing more to read. */
    public boolean isLast() {
        return position == visiblePosition;
    }
}
