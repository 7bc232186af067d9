/**
 * From a command to stored events: load, decide, append, and decide again where another writer was first.
 *
 * <p>{@link io.eda.command.CommandHandler} is the pure decision, {@link io.eda.command.CommandBus} everything around it.
 *
 * <pre>
 *   dispatch ─► one command per aggregate at a time ─► state (cache, or store) ─► decide ─► append(exactly that version)
 *                                                            ▲                                    │ conflict
 *                                                            └────────── the events since ◄───────┘
 * </pre>
 */
@NullMarked
package io.eda.command;

import org.jspecify.annotations.NullMarked;
