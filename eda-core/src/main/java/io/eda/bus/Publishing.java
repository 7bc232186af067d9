package io.eda.bus;

import io.eda.event.EventRecord;
import io.eda.telemetry.Tracing;
import io.eda.transport.EventTransport;
import io.eda.transport.Message;
import io.micrometer.observation.Observation;
import io.micrometer.observation.transport.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Writes events as messages, hands them to the transport, and tells meters and tracers what becomes of each. Thread-safe. */
final class Publishing {

    private final EventTransport transport;
    private final MessageCodec codec;
    private final BusMeters meters;
    private final Tracing tracing;

    Publishing(EventTransport transport, MessageCodec codec, Signals signals) {
        this.transport = transport;
        this.codec = codec;
        this.meters = signals.meters();
        this.tracing = signals.tracing();
    }

    List<CompletableFuture<Void>> publish(List<EventRecord> events) {
        long begun = meters.begin();
        List<CompletableFuture<Void>> futures = tracing.isOff() ? plainly(events) : traced(events);
        meters.published(futures, begun);
        return futures;
    }

    private List<CompletableFuture<Void>> plainly(List<EventRecord> events) {
        List<Message> messages = new ArrayList<>(events.size());
        for (EventRecord event : events) {
            messages.add(codec.encode(event, Map.of()));
        }
        return transport.publish(messages);
    }

    private List<CompletableFuture<Void>> traced(List<EventRecord> events) {
        List<Message> messages = new ArrayList<>(events.size());
        List<Trace> traces = new ArrayList<>(events.size());
        for (EventRecord event : events) {
            Map<String, String> carrier = Tracing.carrier();
            traces.add(begin(event, carrier));
            messages.add(codec.encode(event, carrier));
        }
        List<CompletableFuture<Void>> futures = transport.publish(messages);
        for (int i = 0; i < futures.size(); i++) {
            Trace trace = traces.get(i);
            var unused = futures.get(i).whenComplete((done, failure) -> trace.end(failure));
        }
        return futures;
    }

    /**
     * An event that was stored says in its metadata in whose course that happened: it is relayed in that trace, each event in its own, whatever
     * the batch. What somebody publishes while he is observed belongs to what he does.
     */
    private Trace begin(EventRecord event, Map<String, String> carrier) {
        String type = event.eventType().name();
        Observation relay = Observation.NOOP;
        Observation publish = tracing.sending("eda.publish", "publish " + type, carrier);
        if (!tracing.isWithin() && Tracing.isIn(event.metadata())) {
            relay = tracing.continuing(
                            Kind.CONSUMER,
                            "eda.relay",
                            "relay " + type,
                            event.metadata().asMap())
                    .lowCardinalityKeyValue("event.type", type)
                    .highCardinalityKeyValue("event.id", event.eventId().toString())
                    .start();
            publish.parentObservation(relay);
        }
        publish.lowCardinalityKeyValue("event.type", type)
                .highCardinalityKeyValue("event.id", event.eventId().toString())
                .start();
        return new Trace(relay, publish);
    }

    private record Trace(Observation relay, Observation publish) {

        void end(@Nullable Throwable failure) {
            if (failure != null) {
                publish.error(failure);
                relay.error(failure);
            }
            publish.stop();
            relay.stop();
        }
    }
}
