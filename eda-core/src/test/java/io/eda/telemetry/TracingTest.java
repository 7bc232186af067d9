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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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

    @Test
    void events_of_one_trace_continue_it() {
        Metadata again = Metadata.of("traceparent", PARENT.replace("b7-01", "b8-01"));
        Observation.Context context = together(List.of(Metadata.of("traceparent", PARENT), again));
        assertThat(context).isInstanceOfSatisfying(ReceiverContext.class, receiver -> assertThat(receiver.getCarrier())
                .isEqualTo(Map.of("traceparent", PARENT)));
    }

    @Test
    void events_of_several_traces_name_each_span_that_made_one_of_them() {
        String other = PARENT.replace("4bf9", "ffff");
        List<Metadata> carried = List.of(
                Metadata.of("traceparent", PARENT),
                Metadata.empty(),
                Metadata.of("traceparent", other),
                Metadata.of("traceparent", PARENT));
        assertThat(parents(together(carried)))
                .containsExactly(
                        TraceParent.parse(PARENT).orElseThrow(),
                        TraceParent.parse(other).orElseThrow());
        assertThat(parents(together(carried.subList(0, 2)))).hasSize(1);
    }

    @Test
    void events_of_no_trace_name_none() {
        assertThat(together(List.of(Metadata.empty(), Metadata.of("traceparent", "00-old"))))
                .isNotInstanceOfAny(BatchContext.class, ReceiverContext.class);
    }

    @Test
    void a_batch_names_as_many_spans_as_tracers_keep_and_no_more() {
        List<Metadata> carried = IntStream.range(1, 1_000)
                .mapToObj(i -> Metadata.of("traceparent", String.format("00-%032x-%016x-00", i, i)))
                .toList();
        List<TraceParent> parents = parents(together(carried));
        assertThat(parents).hasSize(BatchContext.MAX_PARENTS);
        assertThat(parents.get(0)).isEqualTo(new TraceParent("0".repeat(31) + "1", "0".repeat(15) + "1", false));
    }

    @Test
    void what_is_no_traceparent_is_none() {
        assertThat(Stream.of(
                                "",
                                "00-old",
                                PARENT.toUpperCase(Locale.ROOT),
                                PARENT + "0",
                                PARENT.replace("00-4bf9", "ff-4bf9"),
                                "00-" + "0".repeat(32) + "-00f067aa0ba902b7-01",
                                "00-4bf92f3577b34da6a3ce929d0e0e4736-" + "0".repeat(16) + "-01")
                        .filter(text -> TraceParent.parse(text).isPresent()))
                .isEmpty();
        assertThat(TraceParent.parse("01" + PARENT.substring(2) + "-and-more"))
                .contains(new TraceParent("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", true));
    }

    private Observation.Context together(List<Metadata> carried) {
        listening();
        return (Observation.Context)
                tracing.together("eda.project", "project", carried).getContextView();
    }

    private static List<TraceParent> parents(Observation.Context context) {
        assertThat(context).isInstanceOf(BatchContext.class);
        return ((BatchContext) context).parents();
    }

    private void listening() {
        injecting(Map.of());
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
