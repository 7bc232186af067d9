/**
 * Looking at the system from outside: the life of an event, and how each part is. Nothing here writes, and nothing is paid for an event
 * until somebody asks.
 *
 * <pre>
 *   EventLifecycle ─► EventLife ─► LivedEvent ─► Passage ─► Outcome
 *                                      └─► Reaction ─► LivedEvent …
 *   HealthChecks ─► Health, one for each part
 * </pre>
 */
@NullMarked
package io.eda.observation;

import org.jspecify.annotations.NullMarked;
