package io.eda.aggregate;

import io.eda.event.AggregateId;
import java.util.Objects;
import java.util.Optional;

/**
 * A kind of aggregate: its name, the state before its first event, and how events change it. A value that one defines
 * once, as a constant.
 *
 * @param <S> the state, an immutable value
 * @param <E> the sealed interface of its events
 * @param type the kind, as in {@link AggregateId#type()}
 * @param initialState the state of an aggregate without events
 * @param evolution how events change the state
 * @param snapshotPlan how states are remembered, where they are
 */
public record Aggregate<S, E>(
        String type, S initialState, Evolution<S, E> evolution, Optional<SnapshotPlan<S>> snapshotPlan) {

    /** Checks the name of the kind. */
    public Aggregate {
        AggregateId.of(type, "any");
        Objects.requireNonNull(initialState, "initialState");
        Objects.requireNonNull(evolution, "evolution");
        Objects.requireNonNull(snapshotPlan, "snapshotPlan");
    }

    /** Returns the kind {@code type}. */
    public static <S, E> Aggregate<S, E> of(String type, S initialState, Evolution<S, E> evolution) {
        return new Aggregate<>(type, initialState, evolution, Optional.empty());
    }

    /** Returns a copy whose states are remembered, where the event store has a place for snapshots. */
    public Aggregate<S, E> withSnapshots(SnapshotPlan<S> plan) {
        return new Aggregate<>(type, initialState, evolution, Optional.of(plan));
    }

    /** Returns the identity of the aggregate {@code id} of this kind. */
    public AggregateId id(String id) {
        return AggregateId.of(type, id);
    }

    /** Returns an aggregate of this kind that has no events. */
    public AggregateState<S> initial(String id) {
        return new AggregateState<>(id(id), 0, 0, initialState);
    }
}
