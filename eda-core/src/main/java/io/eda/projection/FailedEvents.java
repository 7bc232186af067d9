package io.eda.projection;

import io.eda.event.AggregateId;
import java.util.List;
import java.util.Set;

/**
 * The events that projections could not handle, by position: their data stay in the store. Part of a {@link CheckpointStore}
 * and of its transactions: what is noted in a work is noted when that work takes effect.
 *
 * <p>Within a work, everything about one aggregate waits for other works about it, so that nobody parks an event behind one
 * that is just being replayed.
 *
 * @param <C> what a work is done with
 */
public interface FailedEvents<C> {

    /** Notes an event that failed. */
    void add(C context, String name, FailedEvent event) throws Exception;

    /** If the event's aggregate has parked events, parks this one behind them and returns true. */
    boolean parkBehind(C context, String name, FailedEvent event) throws Exception;

    /** Returns the parked events of an aggregate in their order, {@code limit} at most, and keeps others from changing them. */
    List<FailedEvent> parkedOf(C context, String name, AggregateId aggregateId, int limit) throws Exception;

    /** Forgets an event. */
    void remove(C context, String name, long position) throws Exception;

    /** Forgets all events of {@code name}, because its read model is built again. */
    void clear(C context, String name) throws Exception;

    /** Returns the aggregates that have parked events. */
    Set<AggregateId> parkedAggregates(String name);

    /** Returns the events of {@code name} behind {@code afterPosition} in their order, {@code limit} at most. */
    List<FailedEvent> list(String name, long afterPosition, int limit);
}
