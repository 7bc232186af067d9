package io.eda.broker.kafka;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/** Publications whose topic is not ready yet, each topic in its order. For the sender's thread alone. */
final class ParkedPublications {

    private final Map<String, Waiting> byTopic = new HashMap<>();

    // The answer that woke the sender counts, and no later one, which would have nobody to wake.
    private record Waiting(CompletableFuture<Void> ready, Queue<Publication> publications) {}

    /** Takes it, behind the others of its topic, where there are some: it must not overtake them. */
    boolean takes(Publication publication) {
        Waiting waiting = byTopic.get(publication.destination().topic());
        return waiting != null && waiting.publications.add(publication);
    }

    /** Parks the first of its topic until {@code ready} is done. */
    void begin(Publication publication, CompletableFuture<Void> ready) {
        Queue<Publication> publications = new ArrayDeque<>();
        publications.add(publication);
        byTopic.put(publication.destination().topic(), new Waiting(ready, publications));
    }

    /** Returns, in their order, those whose topic is ready, or will never be. */
    List<Publication> released() {
        List<Publication> released = new ArrayList<>();
        byTopic.values().removeIf(waiting -> {
            // Those past their deadline count no more, so they must not stay here either.
            while (!waiting.publications.isEmpty()
                    && waiting.publications.element().isDone()) {
                waiting.publications.remove();
            }
            if (waiting.ready.isDone()) {
                released.addAll(waiting.publications);
            }
            return waiting.ready.isDone() || waiting.publications.isEmpty();
        });
        return released;
    }
}
