package io.eda.command;

import io.eda.event.AggregateId;

/**
 * What a command led to.
 *
 * @param aggregateId the aggregate that it was for
 * @param version the aggregate's version now
 * @param position the position of the aggregate's last event, 0 where it has none: a read model that has passed it shows the
 *     outcome
 * @param eventCount how many events the command added; 0 where there was nothing to do
 */
public record CommandResult(AggregateId aggregateId, long version, long position, int eventCount) {}
