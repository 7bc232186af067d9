package io.eda.observation;

import io.eda.event.EventRecord;
import io.eda.store.StoredEvent;
import java.util.List;
import java.util.Set;

/** A place that can be asked about events. */
interface Part {

    Place place();

    /**
     * Looks up once what concerns the events of {@code question}.
     *
     * @throws RuntimeException if the place does not answer
     */
    Answers ask(Question question);

    /** Tells about each of the events that were asked about. */
    interface Answers {
        Passage about(StoredEvent<EventRecord> event);
    }

    /**
     * What is asked.
     *
     * @param events the events, in their order, one at least
     * @param unpublished the positions of those that no relay has published yet
     * @param limits how much may be looked at
     */
    record Question(List<StoredEvent<EventRecord>> events, Set<Long> unpublished, LifecycleLimits limits) {

        long firstPosition() {
            return events.get(0).position();
        }
    }
}
