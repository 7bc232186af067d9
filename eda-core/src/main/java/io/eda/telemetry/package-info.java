/**
 * How parts tell meters and tracers what they do: for the other packages here, and for adapters that count something of their own.
 * Applications bind parts with {@code bindTo} and {@code observedBy}, and need nothing of this package but, where they have a tracer,
 * {@link io.eda.telemetry.BatchTracingObservationHandler}.
 *
 * <pre>
 *   part ─► Gauges  ─► MeterRegistry
 *        └► Tracing ─► ObservationRegistry ─► any tracer
 *                 ├──► traceparent, tracestate: in an event's metadata, and in a message's headers
 *                 └──► BatchContext, of events of several traces ─► BatchTracingObservationHandler ─► links
 * </pre>
 */
@NullMarked
package io.eda.telemetry;

import org.jspecify.annotations.NullMarked;
