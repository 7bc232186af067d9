package io.eda.outbox;

import io.eda.bus.EventBus;
import io.eda.event.EventRecord;
import io.eda.store.StoredEvent;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Where events go, and which of them.
 *
 * @param bus what carries them
 * @param wanted which of those that a filter let through
 * @param topics the topic of each
 */
record Destination(EventBus bus, Predicate<EventRecord> wanted, Function<EventRecord, String> topics) {

    /** Returns the one for all events, by the kind of their aggregate. */
    static Destination of(EventBus bus) {
        return new Destination(bus, event -> true, event -> event.aggregateId().type());
    }

    Destination where(Predicate<EventRecord> newWanted) {
        return new Destination(bus, newWanted, topics);
    }

    Destination to(Function<EventRecord, String> newTopics) {
        return new Destination(bus, wanted, newTopics);
    }

    /**
     * Adds to {@code chosen} those of {@code events} that go there, up to the first one for which the user's code cannot tell, and
     * returns that one's error: everything before it can go its way first.
     */
    Optional<EventNotPublishedException> choose(
            String name, List<StoredEvent<EventRecord>> events, List<StoredEvent<EventRecord>> chosen) {
        for (StoredEvent<EventRecord> stored : events) {
            try {
                if (takes(stored.event())) {
                    chosen.add(stored);
                }
            } catch (RuntimeException e) {
                return Optional.of(new EventNotPublishedException(name, stored, false, e));
            }
        }
        return Optional.empty();
    }

    private boolean takes(EventRecord event) {
        if (!wanted.test(event)) {
            return false;
        }
        if (topics.apply(event).isBlank()) {
            throw new IllegalArgumentException("the name of its topic is blank");
        }
        return true;
    }

    List<CompletableFuture<Void>> publish(List<EventRecord> events) {
        return bus.publishRecords(events, topics);
    }
}
