package io.eda.observation;

import io.eda.bus.EventBus;
import io.eda.event.EventRecord;
import io.eda.store.StoredEvent;
import io.eda.transport.GroupProgress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What the broker of one group tells about some events: those of which nobody else tells.
 *
 * @param answers what it tells about each
 */
record Delivered(Map<UUID, GroupProgress> answers) {

    static Delivered ask(EventBus bus, String group, List<StoredEvent<EventRecord>> events, LifecycleLimits limits) {
        Map<UUID, GroupProgress> answers = new HashMap<>();
        if (!events.isEmpty()) {
            List<EventRecord> records = events.stream().map(StoredEvent::event).toList();
            List<GroupProgress> told = tell(bus, group, records, limits);
            for (int i = 0; i < records.size(); i++) {
                answers.put(records.get(i).eventId(), told.get(i));
            }
        }
        return new Delivered(answers);
    }

    // Whatever is wrong with the broker, what is known from elsewhere is told.
    private static List<GroupProgress> tell(
            EventBus bus, String group, List<EventRecord> events, LifecycleLimits limits) {
        try {
            return bus.progress(group, events, limits.records(), limits.timeout());
        } catch (RuntimeException e) {
            GroupProgress silent = new GroupProgress.Unknown("its broker could not be asked: " + e);
            return events.stream().map(event -> silent).toList();
        }
    }

    /** Returns whether it tells of any event that the group is done with it: handled, or given up. */
    boolean hasPassed() {
        return answers.values().stream().anyMatch(GroupProgress.Passed.class::isInstance);
    }

    GroupProgress about(StoredEvent<EventRecord> stored) {
        return answers.getOrDefault(stored.event().eventId(), new GroupProgress.Unknown("its broker was not asked"));
    }
}
