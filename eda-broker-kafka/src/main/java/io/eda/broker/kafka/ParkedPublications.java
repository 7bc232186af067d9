package io.eda.broker.kafka;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Publications that cannot be handed to the driver yet, each topic's in their order. For the sender's thread alone. */
final class ParkedPublications {

    private final Map<String, Waiting> byTopic = new HashMap<>();

    /** Hands a publication on and returns an empty value, or says what to wait for. */
    interface Route extends Function<Publication, Optional<CompletableFuture<Void>>> {}

    private static final class Waiting {

        private final Queue<Publication> publications = new ArrayDeque<>();

        // The answer that woke the sender counts, and no later one, which would have nobody to wake.
        private CompletableFuture<Void> ready;

        private Waiting(CompletableFuture<Void> ready) {
            this.ready = ready;
        }
    }

    boolean isEmpty() {
        return byTopic.isEmpty();
    }

    /** Takes it, behind the others of its topic, where there are some: it must not overtake them. */
    boolean takes(Publication publication) {
        Waiting waiting = byTopic.get(publication.destination().topic());
        return waiting != null && waiting.publications.add(publication);
    }

    /** Parks the first of its topic until {@code ready} is done. */
    void begin(Publication publication, CompletableFuture<Void> ready) {
        Waiting waiting = new Waiting(ready);
        waiting.publications.add(publication);
        byTopic.put(publication.destination().topic(), waiting);
    }

    /** Hands on, in their order, those that need not wait any more, and keeps what has to wait again. */
    void release(Route route) {
        byTopic.values().removeIf(waiting -> {
            while (!waiting.publications.isEmpty()) {
                // One past its deadline counts no more, so it must not stay here either.
                if (!waiting.publications.element().isDone()) {
                    if (!waiting.ready.isDone()) {
                        return false;
                    }
                    Optional<CompletableFuture<Void>> notYet = route.apply(waiting.publications.element());
                    if (notYet.isPresent()) {
                        waiting.ready = notYet.get();
                        return false;
                    }
                }
                waiting.publications.remove();
            }
            return true;
        });
    }
}
