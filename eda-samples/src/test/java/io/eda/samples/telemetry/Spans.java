package io.eda.samples.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.eda.telemetry.BatchTracingObservationHandler;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingSenderTracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A tracer of OpenTelemetry behind an observation registry, as an application sets it up; its spans stay in memory. */
final class Spans implements AutoCloseable {

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final SdkTracerProvider provider = SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(exporter))
            .build();
    private final ObservationRegistry registry = ObservationRegistry.create();

    Spans() {
        var otel = provider.get("test");
        // With baggage, as most applications have it.
        var propagators = ContextPropagators.create(TextMapPropagator.composite(
                W3CTraceContextPropagator.getInstance(), W3CBaggagePropagator.getInstance()));
        var tracer = new OtelTracer(otel, new OtelCurrentTraceContext(), event -> {});
        var propagator = new OtelPropagator(propagators, otel);
        registry.observationConfig()
                .observationHandler(new ObservationHandler.FirstMatchingCompositeObservationHandler(
                        new BatchTracingObservationHandler(tracer),
                        new PropagatingSenderTracingObservationHandler<>(tracer, propagator),
                        new PropagatingReceiverTracingObservationHandler<>(tracer, propagator),
                        new DefaultTracingObservationHandler(tracer)));
    }

    ObservationRegistry registry() {
        return registry;
    }

    List<SpanData> all() {
        return exporter.getFinishedSpanItems();
    }

    List<SpanData> of(String traceId) {
        return all().stream().filter(span -> span.getTraceId().equals(traceId)).toList();
    }

    /** The spans that a span is linked to, one for each link; fails where a link names a span that there is not. */
    List<SpanData> linkedFrom(SpanData span) {
        assertThat(span.getTotalRecordedLinks()).isEqualTo(span.getLinks().size());
        return span.getLinks().stream()
                .map(LinkData::getSpanContext)
                .map(link -> all().stream()
                        .filter(linked -> linked.getSpanContext().getTraceId().equals(link.getTraceId())
                                && linked.getSpanContext().getSpanId().equals(link.getSpanId()))
                        .findFirst()
                        .orElseThrow())
                .toList();
    }

    /** Every span of a trace by its way from the root, such as {@code command A > append b}; what comes twice stands once. */
    Set<String> paths(String traceId) {
        Map<String, SpanData> byId =
                of(traceId).stream().collect(Collectors.toMap(SpanData::getSpanId, Function.identity()));
        Set<String> paths = new TreeSet<>();
        for (SpanData span : byId.values()) {
            Deque<String> path = new ArrayDeque<>();
            for (SpanData at = span; at != null; at = byId.get(at.getParentSpanId())) {
                path.addFirst(label(at));
            }
            paths.add(String.join(" > ", path));
        }
        return paths;
    }

    static String label(SpanData span) {
        String group = span.getAttributes().get(AttributeKey.stringKey("group"));
        return group == null ? span.getName() : span.getName() + " by " + group;
    }

    @Override
    public void close() {
        provider.close();
    }
}
