/**
 * Read models that catch up with the events, never lose their place, and can be rebuilt.
 *
 * <p>A {@link io.eda.projection.Projection} says what each event changes, a {@link io.eda.projection.ProjectionRunner}
 * feeds it, and a {@link io.eda.projection.CheckpointStore} remembers how far it came, in the same transaction as the read
 * model where the target allows it.
 *
 * <pre>
 *   EventStorage ── page ──► Follower ── events ──► Projection ── C ──► read model
 *                                └──────── from, to ──────────────────► checkpoint      } one transaction
 * </pre>
 */
@NullMarked
package io.eda.projection;

import org.jspecify.annotations.NullMarked;
