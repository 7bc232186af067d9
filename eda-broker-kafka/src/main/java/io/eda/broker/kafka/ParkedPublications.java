package io.eda.broker.kafka;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/** Publications whose topic is not ready yet, each topic in its order. For the sender's thread alone. */
final class ParkedPublications {

    private final Map<String, Queue<Publication>> byTopic = new HashMap<>();

    /** Takes it, behind the others of its topic, where there are some: it must not overtake them. */
    boolean takes(Publication publication) {
        Queue<Publication> waiting = byTopic.get(publication.destination().topic());
        return waiting != null && waiting.add(publication);
    }

    /** Parks the first of its topic. */
    void begin(Publication publication) {
        Queue<Publication> waiting = new ArrayDeque<>();
        waiting.add(publication);
        byTopic.put(publication.destination().topic(), waiting);
    }

    /** Returns, in their order, those whose topic is ready, or will never be. */
    List<Publication> released(Topology topology) {
        List<Publication> released = new ArrayList<>();
        byTopic.values().removeIf(waiting -> {
            // Those past their deadline count no more, so they must not stay here either.
            while (!waiting.isEmpty() && waiting.element().isDone()) {
                waiting.remove();
            }
            if (waiting.isEmpty()) {
                return true;
            }
            boolean isReady = topology.ready(waiting.element().destination()).isDone();
            if (isReady) {
                released.addAll(waiting);
            }
            return isReady;
        });
        return released;
    }
}
