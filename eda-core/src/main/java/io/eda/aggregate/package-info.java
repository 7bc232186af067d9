/**
 * Pure decisions: what an aggregate is, told by two functions without I/O, clock or framework type.
 *
 * <pre>
 *   decide: (command, state) → events     see io.eda.command.CommandHandler
 *   evolve: (state, event)   → state      {@link io.eda.aggregate.Evolution}
 * </pre>
 */
@NullMarked
package io.eda.aggregate;

import org.jspecify.annotations.NullMarked;
