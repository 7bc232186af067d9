package io.eda.aggregate;

import io.eda.event.AggregateId;
import java.util.Objects;

/**
 * An aggregate as its events made it.
 *
 * @param <S> the state
 * @param aggregateId which one it is
 * @param version the version of its last event, 0 where it has none
 * @param position the position of its last event among all events, 0 where it has none
 * @param state the state after that event
 */
public record AggregateState<S>(AggregateId aggregateId, long version, long position, S state) {

    /** Checks that nothing is missing. */
    public AggregateState {
        Objects.requireNonNull(aggregateId, "aggregateId");
        Objects.requireNonNull(state, "state");
    }
}
