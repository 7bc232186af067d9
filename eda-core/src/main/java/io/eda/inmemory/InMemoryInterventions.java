package io.eda.inmemory;

import io.eda.intervention.Intervention;
import io.eda.intervention.Interventions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Interventions in the memory of this process, the {@value #KEPT} latest of them. Thread-safe. */
public final class InMemoryInterventions implements Interventions {

    /** How many are kept. */
    public static final int KEPT = 10_000;

    private final List<Intervention> all = new ArrayList<>();

    /** Remembers none yet. */
    public InMemoryInterventions() {}

    @Override
    public synchronized void note(List<Intervention> interventions) {
        all.addAll(interventions);
        if (all.size() > KEPT) {
            all.subList(0, all.size() - KEPT).clear();
        }
    }

    @Override
    public synchronized List<Intervention> of(Collection<UUID> eventIds) {
        Set<UUID> wanted = Set.copyOf(eventIds);
        return all.stream()
                .filter(one -> wanted.contains(one.eventId()))
                .limit(MAX_FOUND)
                .toList();
    }
}
