package io.eda.observation;

import io.eda.intervention.Intervention;
import java.util.List;

/**
 * An event, what has become of it, and what it led to.
 *
 * @param facts what the store knows
 * @param isVisible whether those who follow all events see it; for a moment, or while an older transaction goes on, they do not yet
 * @param passages what has become of it at each place, in the order in which the lifecycle was told of them
 * @param interventions what people have asked for because it could not be handled, the oldest first
 * @param reactions what it led to, the oldest first
 */
public record LivedEvent(
        EventFacts facts,
        boolean isVisible,
        List<Passage> passages,
        List<Intervention> interventions,
        List<Reaction> reactions) {

    /** Copies the lists. */
    public LivedEvent {
        passages = List.copyOf(passages);
        interventions = List.copyOf(interventions);
        reactions = List.copyOf(reactions);
    }
}
