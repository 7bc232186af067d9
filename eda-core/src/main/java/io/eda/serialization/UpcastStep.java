package io.eda.serialization;

import io.eda.event.EventRecord;
import io.eda.event.EventType;
import java.util.List;
import java.util.Set;

/** One edge of the catalogue: from an old type to those it becomes. */
record UpcastStep(EventType from, Set<EventType> targets, EventUpcaster upcaster) {

    List<UpcastEvent> apply(EventRecord record, UpcastEvent event) {
        List<UpcastEvent> results;
        try {
            results = List.copyOf(upcaster.upcast(event.data()));
        } catch (RuntimeException e) {
            throw new EventDeserializationException.Malformed(
                    record, "the upcaster from '" + from + "' failed on its data: " + e, e);
        }
        for (UpcastEvent result : results) {
            if (!targets.contains(result.type())) {
                throw new EventDeserializationException.Malformed(
                        record,
                        "the upcaster from '" + from + "' returned '" + result.type() + "', but was declared to return "
                                + targets);
            }
        }
        return results;
    }
}
