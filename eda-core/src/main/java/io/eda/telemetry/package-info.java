/**
 * How parts tell meters and tracers what they do: for the other packages here, and for adapters that count something of their own.
 * Applications bind parts with {@code bindTo} and {@code observedBy}, and need nothing of this package.
 *
 * <pre>
 *   part ─► Gauges  ─► MeterRegistry
 *        └► Tracing ─► ObservationRegistry ─► any tracer
 *                 └──► traceparent, tracestate: in an event's metadata, and in a message's headers
 * </pre>
 */
@NullMarked
package io.eda.telemetry;

import org.jspecify.annotations.NullMarked;
