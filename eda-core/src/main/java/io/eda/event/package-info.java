/**
 * Facts: what an event is, before anybody stores, sends or reads it.
 *
 * <p>Read {@link io.eda.event.Event} first: the envelope around a fact. {@link io.eda.event.EventRecord} is the same
 * envelope with the fact as bytes, and what every adapter moves.
 *
 * <pre>
 *   Event&lt;D&gt;  ── EventSerializer ──►  EventRecord  ── an adapter ──►  a database or a broker
 * </pre>
 */
@NullMarked
package io.eda.event;

import org.jspecify.annotations.NullMarked;
