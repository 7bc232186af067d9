package io.eda.samples.relay;

import io.eda.event.Event;
import java.util.Map;
import java.util.TreeMap;

/** What has arrived over one broker: every event counts, nothing is left out because it came before. Thread-safe. */
final class Arrivals {

    private final Map<String, Long> latest = new TreeMap<>();
    private long all;
    private long repeated;
    private long overtaken;

    /** Notes an event; it may come again, and must not come before an earlier one of its thing has come once. */
    synchronized void add(Event<?> event) {
        all++;
        String thing = event.aggregateId().id();
        long before = latest.getOrDefault(thing, 0L);
        if (event.aggregateVersion() <= before) {
            repeated++;
        } else {
            if (event.aggregateVersion() > before + 1) {
                overtaken++;
            }
            latest.put(thing, event.aggregateVersion());
        }
    }

    /** Up to which version each thing's events have come; all of them, in their order, as long as none was overtaken. */
    synchronized Map<String, Long> versions() {
        return new TreeMap<>(latest);
    }

    synchronized long overtaken() {
        return overtaken;
    }

    synchronized long all() {
        return all;
    }

    @Override
    public synchronized String toString() {
        return all + " arrived, " + (all - repeated) + " for the first time, " + repeated + " again, " + overtaken
                + " before an earlier one";
    }
}
