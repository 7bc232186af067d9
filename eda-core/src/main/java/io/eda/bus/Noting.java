package io.eda.bus;

import io.eda.intervention.Intervention;
import io.eda.intervention.Intervention.Action;
import io.eda.intervention.Interventions;
import io.eda.transport.Message;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Writes down what people do with the letters of one group.
 *
 * @param group the group
 * @param store where it is written, if anywhere
 * @param clock what tells when
 */
record Noting(String group, Optional<Interventions> store, Clock clock) {

    boolean isWanted() {
        return store.isPresent();
    }

    void replayed(List<Message> letters) {
        note(Action.REPLAY, letters);
    }

    void dropped(List<Message> letters) {
        note(Action.DROP, letters);
    }

    private void note(Action action, List<Message> letters) {
        List<Intervention> interventions = letters.stream()
                .flatMap(letter -> eventId(letter).stream())
                .map(id -> new Intervention(id, action, Intervention.Site.GROUP, group, clock.instant()))
                .toList();
        if (!interventions.isEmpty()) {
            store.ifPresent(place -> place.note(interventions));
        }
    }

    /** What is no event of ours has no life to be told. */
    private static Optional<UUID> eventId(Message letter) {
        String id = Letters.originalOf(letter).id();
        try {
            return Optional.of(UUID.fromString(id));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
