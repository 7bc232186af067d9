package io.eda.observation;

import io.eda.event.EventRecord;
import io.eda.observation.Places.Told;
import io.eda.store.StoredEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Which event led to which. Events stand in their order, and a cause stands before what it led to, so there is no circle. */
final class Tree {

    private final List<StoredEvent<EventRecord>> events;
    private final Function<StoredEvent<EventRecord>, Told> told;
    private final Set<UUID> ids;
    // By the id of the cause; then by the id of the command, in the order of their first events.
    private final Map<UUID, Map<String, List<StoredEvent<EventRecord>>>> reactions = new LinkedHashMap<>();

    Tree(List<StoredEvent<EventRecord>> events, Function<StoredEvent<EventRecord>, Told> told) {
        this.events = events;
        this.told = told;
        this.ids = events.stream().map(stored -> stored.event().eventId()).collect(Collectors.toSet());
        for (StoredEvent<EventRecord> stored : events) {
            String command = stored.event().causationId();
            Causation.of(command).eventId().ifPresent(cause -> reactions
                    .computeIfAbsent(cause, id -> new LinkedHashMap<>())
                    .computeIfAbsent(command, id -> new ArrayList<>())
                    .add(stored));
        }
    }

    /** Returns the events whose cause is none of these. */
    List<LivedEvent> roots() {
        return events.stream().filter(this::isRoot).map(this::from).toList();
    }

    /** Returns the event with everything that it led to. */
    LivedEvent from(StoredEvent<EventRecord> stored) {
        List<Reaction> ledTo = new ArrayList<>();
        reactions.getOrDefault(stored.event().eventId(), Map.of()).forEach((command, followers) -> {
            List<LivedEvent> lived = followers.stream()
                    // Only forwards: whoever made up ids cannot lead this in a circle.
                    .filter(follower -> follower.position() > stored.position())
                    .map(this::from)
                    .toList();
            if (!lived.isEmpty()) {
                ledTo.add(new Reaction(command, Causation.of(command).step(), lived));
            }
        });
        Told about = told.apply(stored);
        return new LivedEvent(EventFacts.of(stored), about.isVisible(), about.passages(), about.interventions(), ledTo);
    }

    private boolean isRoot(StoredEvent<EventRecord> stored) {
        return Causation.of(stored.event().causationId())
                .eventId()
                .filter(cause -> !cause.equals(stored.event().eventId()))
                .filter(ids::contains)
                .isEmpty();
    }
}
