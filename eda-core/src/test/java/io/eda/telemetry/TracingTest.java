package io.eda.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.eda.event.Metadata;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TracingTest {

    private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private final ObservationRegistry registry = ObservationRegistry.create();
    private final Tracing tracing = Tracing.by(registry);

    @Test
    void nobody_is_told_where_no_handler_listens() {
        assertThat(Tracing.off().isOff()).isTrue();
        assertThat(tracing.isOff()).isTrue();
        injecting(Map.of());
        assertThat(tracing.isOff()).isFalse();
    }

    @Test
    void the_context_of_a_trace_travels_and_nothing_else_does() {
        injecting(Map.of("Traceparent", PARENT, "tracestate", "a=b", "baggage", "password=swordfish", "b3", "1-1"));
        Map<String, String> carrier = Tracing.carrier();
        tracing.sending("eda.send", "send", carrier).start().stop();
        assertThat(carrier).containsOnly(Map.entry("traceparent", PARENT), Map.entry("tracestate", "a=b"));
    }

    @Test
    void what_no_header_can_carry_is_left_out() {
        injecting(Map.of("traceparent", PARENT, "tracestate", "a=\r\nb"));
        Map<String, String> carrier = Tracing.carrier();
        tracing.sending("eda.send", "send", carrier).start().stop();
        assertThat(carrier).containsOnlyKeys("traceparent");
    }

    @Test
    void what_is_larger_than_any_context_is_left_out() {
        injecting(Map.of("traceparent", PARENT, "tracestate", "x".repeat(5_000)));
        Map<String, String> carrier = Tracing.carrier();
        tracing.sending("eda.send", "send", carrier).start().stop();
        assertThat(carrier).containsOnlyKeys("traceparent");
    }

    @Test
    void a_receiver_finds_the_context_that_travelled() {
        HashMap<String, String> found = new HashMap<>();
        registry.observationConfig().observationHandler(new ObservationHandler<ReceiverContext<Map<String, String>>>() {
            @Override
            public void onStart(ReceiverContext<Map<String, String>> context) {
                found.put("traceparent", String.valueOf(context.getGetter().get(context.getCarrier(), "traceparent")));
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return context instanceof ReceiverContext;
            }
        });
        tracing.continuing(Kind.CONSUMER, "eda.receive", "receive", Map.of("traceparent", PARENT))
                .start()
                .stop();
        assertThat(found).containsEntry("traceparent", PARENT);
    }

    @Test
    void a_new_context_takes_the_place_of_the_old_one_as_a_whole() {
        Metadata before =
                Metadata.of(Map.of("traceparent", "00-old", "tracestate", "old=1", "tenant", "blue", "baggage", "a=b"));
        assertThat(Tracing.with(before, Map.of("traceparent", PARENT)).asMap())
                .containsOnly(
                        Map.entry("traceparent", PARENT), Map.entry("tenant", "blue"), Map.entry("baggage", "a=b"));
        assertThat(Tracing.with(before, Map.of())).isSameAs(before);
        assertThat(Tracing.traceIn(Metadata.of("traceparent", PARENT))).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
        assertThat(Tracing.traceIn(before)).isEmpty();
    }

    @Test
    void an_event_that_is_full_goes_without_a_context_and_is_not_refused() {
        HashMap<String, String> entries = new HashMap<>();
        for (int i = 0; i < Metadata.MAX_ENTRIES; i++) {
            entries.put("key-" + i, "value");
        }
        Metadata full = Metadata.of(entries);
        assertThat(Tracing.with(full, Map.of("traceparent", PARENT))).isSameAs(full);
    }

    /** A tracer that writes these fields, as its propagators may. */
    private void injecting(Map<String, String> fields) {
        registry.observationConfig().observationHandler(new ObservationHandler<SenderContext<Map<String, String>>>() {
            @Override
            public void onStart(SenderContext<Map<String, String>> context) {
                fields.forEach((name, value) -> context.getSetter().set(context.getCarrier(), name, value));
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return context instanceof SenderContext;
            }
        });
    }
}
