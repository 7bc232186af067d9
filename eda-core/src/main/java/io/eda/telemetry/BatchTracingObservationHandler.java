package io.eda.telemetry;

import io.micrometer.observation.Observation;
import io.micrometer.tracing.Link;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.TracingObservationHandler;

/**
 * Makes the span of a batch of events, linked to each span that one of them was made in. For those who have a tracer behind their observations;
 * it alone needs {@code micrometer-tracing} on the class path, and nothing else here knows it.
 *
 * <p>It stands before the handlers that take any context, or those make the span and leave the links out:
 *
 * <pre>{@code
 * new FirstMatchingCompositeObservationHandler(
 *         new BatchTracingObservationHandler(tracer),
 *         new PropagatingSenderTracingObservationHandler<>(tracer, propagator),
 *         new PropagatingReceiverTracingObservationHandler<>(tracer, propagator),
 *         new DefaultTracingObservationHandler(tracer))
 * }</pre>
 *
 * <p>A link names a trace and a span; their {@code tracestate} stays with them. Thread-safe.
 */
public final class BatchTracingObservationHandler implements TracingObservationHandler<BatchContext> {

    private final Tracer tracer;

    /** Makes spans by {@code tracer}. */
    public BatchTracingObservationHandler(Tracer tracer) {
        this.tracer = tracer;
    }

    @Override
    public void onStart(BatchContext context) {
        Span.Builder span = tracer.spanBuilder().kind(Span.Kind.CONSUMER);
        Span parent = getParentSpan(context);
        if (parent != null) {
            span.setParent(parent.context());
        }
        context.parents().forEach(made -> span.addLink(new Link(contextOf(made))));
        getTracingContext(context).setSpan(span.start());
    }

    @Override
    public void onStop(BatchContext context) {
        Span span = getRequiredSpan(context);
        span.name(getSpanName(context));
        tagSpan(context, span);
        endSpan(context, span);
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
        return context instanceof BatchContext;
    }

    @Override
    public Tracer getTracer() {
        return tracer;
    }

    private TraceContext contextOf(TraceParent made) {
        return tracer.traceContextBuilder()
                .traceId(made.traceId())
                .spanId(made.spanId())
                .sampled(made.isSampled())
                .build();
    }
}
