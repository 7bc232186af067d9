package io.eda.store;

/**
 * Where an append put its events.
 *
 * @param lastVersion the aggregate's version after it
 * @param lastPosition the position of its last event: a projection that has passed it has seen all of the append
 */
public record AppendResult(long lastVersion, long lastPosition) {}
