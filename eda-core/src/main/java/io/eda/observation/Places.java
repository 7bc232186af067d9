package io.eda.observation;

import io.eda.event.EventRecord;
import io.eda.intervention.Intervention;
import io.eda.intervention.Interventions;
import io.eda.observation.Part.Answers;
import io.eda.observation.Part.Question;
import io.eda.store.StoredEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/** Asks every place about some events; one that does not answer hinders no other. */
final class Places {

    private final List<Part> relays;
    private final List<Part> others;
    private final Interventions interventions;
    private final LifecycleLimits limits;

    Places(List<Part> relays, List<Part> others, Interventions interventions, LifecycleLimits limits) {
        this.relays = List.copyOf(relays);
        this.others = List.copyOf(others);
        this.interventions = interventions;
        this.limits = limits;
    }

    /** Returns what is told about each of {@code events}, of which there is one at least. */
    Function<StoredEvent<EventRecord>, Told> tell(List<StoredEvent<EventRecord>> events, long visiblePosition) {
        List<Answers> answers = ask(relays, new Question(events, Set.of(), limits));
        Set<Long> unpublished = new HashSet<>();
        for (StoredEvent<EventRecord> stored : events) {
            if (!relays.isEmpty()
                    && answers.stream()
                            .allMatch(answer -> isHeldBack(answer.about(stored).outcome()))) {
                unpublished.add(stored.position());
            }
        }
        answers.addAll(ask(others, new Question(events, unpublished, limits)));
        List<UUID> ids = events.stream().map(stored -> stored.event().eventId()).toList();
        List<Intervention> asked = interventions.of(ids);
        return stored -> new Told(
                stored.position() <= visiblePosition,
                answers.stream().map(answer -> answer.about(stored)).toList(),
                asked.stream()
                        .filter(one -> one.eventId().equals(stored.event().eventId()))
                        .toList());
    }

    private static boolean isHeldBack(Outcome outcome) {
        return outcome instanceof Outcome.NotYet || outcome instanceof Outcome.Failing;
    }

    private static List<Answers> ask(List<Part> parts, Question question) {
        List<Answers> answers = new ArrayList<>();
        for (Part part : parts) {
            answers.add(ask(part, question));
        }
        return answers;
    }

    private static Answers ask(Part part, Question question) {
        try {
            Answers answers = part.ask(question);
            return stored -> {
                try {
                    return answers.about(stored);
                } catch (RuntimeException e) {
                    return silent(part, e);
                }
            };
        } catch (RuntimeException e) {
            return stored -> silent(part, e);
        }
    }

    private static Passage silent(Part part, RuntimeException e) {
        return Passage.of(part.place(), new Outcome.Unknown("it could not be asked: " + e));
    }

    /**
     * What is told about one event.
     *
     * @param isVisible whether readers of all events see it
     * @param passages what has become of it at each place
     * @param interventions what was asked for
     */
    record Told(boolean isVisible, List<Passage> passages, List<Intervention> interventions) {}
}
