/**
 * The append-only history of every aggregate, and the one order in which all events can be followed.
 *
 * <p>Applications use {@link io.eda.store.EventStore}, which speaks in objects. Adapters implement
 * {@link io.eda.store.EventStorage}, which speaks in bytes and states the promises.
 *
 * <pre>
 *   EventStore (typed) ── Append ──► EventStorage (bytes) ── EventPage ──► projections, relays
 * </pre>
 */
@NullMarked
package io.eda.store;

import org.jspecify.annotations.NullMarked;
