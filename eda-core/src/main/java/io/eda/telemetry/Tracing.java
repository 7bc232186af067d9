package io.eda.telemetry;

import io.eda.event.Metadata;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.Propagator;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one part tells tracers, as Micrometer observations. A part that nobody observes asks {@link #isOff} and does nothing else: no object is
 * made.
 *
 * <p>The context of a trace travels as W3C's {@code traceparent} and {@code tracestate} in maps of small texts, and nothing else of a tracer's
 * does: baggage may hold anything, and an event is kept for ever. Immutable and thread-safe.
 */
public final class Tracing {

    static final String TRACEPARENT = "traceparent";
    private static final Set<String> FIELDS = Set.of(TRACEPARENT, "tracestate");

    // W3C allows 512 characters of state, and parents of 55; whoever sends more is not worth an event's metadata.
    private static final int MAX_LENGTH = 1_024;

    private static final Tracing OFF = new Tracing(ObservationRegistry.NOOP);
    private static final Propagator.Getter<Map<String, String>> GETTER = Map::get;
    private static final Propagator.Setter<Map<String, String>> SETTER = Tracing::set;

    private final ObservationRegistry registry;

    private Tracing(ObservationRegistry registry) {
        this.registry = registry;
    }

    /** Returns what tells nobody. */
    public static Tracing off() {
        return OFF;
    }

    /** Returns what tells the handlers of {@code registry}. */
    public static Tracing by(ObservationRegistry registry) {
        return new Tracing(registry);
    }

    /** Returns whether nobody listens, so that nothing need be made. */
    public boolean isOff() {
        return registry.isNoop();
    }

    /** Returns whether the calling thread is inside of an observation. */
    public boolean isWithin() {
        return registry.getCurrentObservation() != null;
    }

    /** Returns an observation, not started yet, inside of the current one, or of what it is given as parent; shown as {@code title}. */
    public Observation step(String name, String title) {
        return Observation.createNotStarted(name, registry).contextualName(title);
    }

    /** Returns an observation, not started yet, that continues the trace whose context {@code carried} holds, or begins one. */
    public Observation continuing(Kind kind, String name, String title, Map<String, String> carried) {
        ReceiverContext<Map<String, String>> context = new ReceiverContext<>(GETTER, kind);
        context.setCarrier(carried);
        return Observation.createNotStarted(name, () -> context, registry).contextualName(title);
    }

    /**
     * Returns an observation, not started yet, of events with these metadata, one or more, together. Where all of them were made in one trace it
     * continues that one, in the span of the first. Of several it continues none: its context is a {@link BatchContext}, which names the spans
     * that they were made in.
     */
    public Observation together(String name, String title, List<Metadata> carried) {
        List<Optional<TraceParent>> made =
                carried.stream().map(TraceParent::in).distinct().toList();
        List<TraceParent> parents = made.stream().flatMap(Optional::stream).toList();
        boolean isOneTrace = made.stream()
                        .map(parent -> parent.map(TraceParent::traceId))
                        .distinct()
                        .count()
                == 1;
        if (parents.isEmpty()) {
            return step(name, title);
        }
        return isOneTrace
                ? continuing(Kind.CONSUMER, name, title, carried.get(0).asMap())
                : Observation.createNotStarted(name, () -> new BatchContext(parents), registry)
                        .contextualName(title);
    }

    /** As {@link #step}; when it is started it puts its context into {@code carrier}, for those who go on from there. */
    public Observation sending(String name, String title, Map<String, String> carrier) {
        SenderContext<Map<String, String>> context = new SenderContext<>(SETTER, Kind.PRODUCER);
        context.setCarrier(carrier);
        return Observation.createNotStarted(name, () -> context, registry).contextualName(title);
    }

    /** Returns whether {@code metadata} hold the context of a trace. */
    public static boolean isIn(Metadata metadata) {
        return metadata.asMap().containsKey(TRACEPARENT);
    }

    /** Returns {@code metadata} with the context in {@code carrier} instead of their own; as they are where it holds none. */
    public static Metadata with(Metadata metadata, Map<String, String> carrier) {
        if (!carrier.containsKey(TRACEPARENT)) {
            return metadata;
        }
        Map<String, String> entries = new HashMap<>(metadata.asMap());
        // A state belongs to its parent: an older one must not stay beside the new parent.
        entries.keySet().removeAll(FIELDS);
        entries.putAll(carrier);
        // An event that is full goes without: it must not be refused because somebody traces it.
        return entries.size() <= Metadata.MAX_ENTRIES ? Metadata.of(entries) : metadata;
    }

    /** Returns an empty map for {@link #sending}. */
    public static Map<String, String> carrier() {
        return new TreeMap<>();
    }

    private static void set(@Nullable Map<String, String> carrier, String field, String value) {
        String name = field.toLowerCase(Locale.ROOT);
        if (carrier != null && FIELDS.contains(name) && isPlain(value)) {
            carrier.put(name, value);
        }
    }

    private static boolean isPlain(String value) {
        return !value.isEmpty() && value.length() <= MAX_LENGTH && value.chars().allMatch(c -> c >= ' ' && c <= '~');
    }
}
