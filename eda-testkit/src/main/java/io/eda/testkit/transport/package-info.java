/**
 * The suite that every transport passes.
 *
 * <p>An adapter's test extends {@link io.eda.testkit.transport.EventTransportContract}, opens connections, and says with
 * {@link io.eda.testkit.ServerFaults} how its broker is hurt. The cases stand in groups, each a nested class
 * that can be run alone:
 *
 * <pre>
 *   EventTransportContract ─┬─ Publishing   PublishContract          confirmed, byte for byte, each future alone
 *                           ├─ Grouping     GroupContract            groups get all, members share
 *                           ├─ Settling     SettleContract           acknowledged, given back, rejected, too late
 *                           ├─ Ordering     OrderContract            in order by key
 *                           ├─ Flowing      FlowContract             limits, pauses, slow groups
 *                           ├─ DeadLetters  DeadLetterQueueContract  kept, read, removed, redelivered
 *                           ├─ Living       LifecycleContract        opened and closed in every way
 *                           └─ Failing      FaultContract            restarted, killed, cut off, frozen
 * </pre>
 */
@NullMarked
package io.eda.testkit.transport;

import org.jspecify.annotations.NullMarked;
