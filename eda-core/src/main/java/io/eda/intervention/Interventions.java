package io.eda.intervention;

import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * Remembers interventions: what an adapter implements for one database. They are written by people's hands alone, so they are few, and
 * are kept until somebody deletes them.
 *
 * <p>Methods block. Implementations are thread-safe.
 */
public interface Interventions {

    /** How many are returned at most, for all the events that are asked about. */
    int MAX_FOUND = 1_000;

    /**
     * Writes them down, durably, before they are begun: what cannot be noted is not done.
     *
     * @throws RuntimeException if they could not be written; none of them was, or all
     */
    void note(List<Intervention> interventions);

    /** Returns those that concern {@code eventIds}, the oldest first, {@value #MAX_FOUND} at most. */
    List<Intervention> of(Collection<UUID> eventIds);

    /** Returns what remembers nothing, for systems where nobody wants to know. */
    static Interventions forgotten() {
        return new Interventions() {

            @Override
            public void note(List<Intervention> interventions) {
                // Nobody will ask.
            }

            @Override
            public List<Intervention> of(Collection<UUID> eventIds) {
                return List.of();
            }
        };
    }
}
