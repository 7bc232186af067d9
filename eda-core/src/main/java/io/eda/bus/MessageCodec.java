package io.eda.bus;

import io.eda.event.AggregateId;
import io.eda.event.Event;
import io.eda.event.EventRecord;
import io.eda.event.EventType;
import io.eda.event.Metadata;
import io.eda.serialization.JsonEnvelope;
import io.eda.transport.Message;
import io.eda.transport.ProgressRequest;
import java.time.DateTimeException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Events as messages. Written as CloudEvents 1.0 in binary mode, the envelope in headers and the data as they are in the body, or in
 * structured mode, one JSON of both. Read in both modes, in binary mode with the prefix of any binding, and as the plain JSON envelope.
 */
final class MessageCodec {

    private static final String CONTENT_TYPE = "content-type";
    private static final String STRUCTURED = "application/cloudevents+json";

    /** What Kafka's binding writes, then RabbitMQ's AMQP 1.0 mapping, AMQP's older form, and HTTP's. */
    private static final List<Names> BINDINGS = Stream.of("ce_", "cloudEvents_", "cloudEvents:", "ce-")
            .map(Names::of)
            .toList();

    // Trace context travels under the names that tracers look for; other metadata under a prefix of their own.
    private static final Set<String> PLAIN = Set.of("traceparent", "tracestate", "baggage");
    private static final String METADATA_PREFIX = "eda_";

    private final String source;
    private final boolean isStructured;
    private final JsonEnvelope json = new JsonEnvelope();

    MessageCodec(String source, boolean isStructured) {
        this.source = source;
        this.isStructured = isStructured;
    }

    Message encode(EventRecord event) {
        return encode(event, event.aggregateId().type(), Map.of());
    }

    /** Writes a message for {@code topic} whose headers hold {@code trace} instead of the context that the event came with. */
    Message encode(EventRecord event, String topic, Map<String, String> trace) {
        Map<String, String> headers = new HashMap<>(64);
        String id = event.eventId().toString();
        headers.put("eventId", id);
        headers.put("eventType", event.eventType().name());
        if (isStructured) {
            headers.put(CONTENT_TYPE, STRUCTURED + "; charset=UTF-8");
            PLAIN.forEach(name -> event.metadata().get(name).ifPresent(value -> headers.put(name, value)));
            headers.putAll(trace);
            return message(event, id, topic, headers, json.write(event, source));
        }
        headers.put(CONTENT_TYPE, "application/json");
        headers.put("ce_specversion", "1.0");
        headers.put("ce_id", id);
        headers.put("ce_type", event.eventType().name());
        headers.put("ce_source", source);
        headers.put("ce_time", event.timestamp().toString());
        headers.put("ce_subject", event.aggregateId().id());
        headers.put("ce_schemaversion", Integer.toString(event.eventType().version()));
        headers.put("ce_aggregatetype", event.aggregateId().type());
        headers.put("ce_aggregateversion", Long.toString(event.aggregateVersion()));
        headers.put("ce_correlationid", event.correlationId());
        headers.put("ce_causationid", event.causationId());
        event.metadata()
                .asMap()
                .forEach((key, value) -> headers.put(PLAIN.contains(key) ? key : METADATA_PREFIX + key, value));
        headers.putAll(trace);
        return message(event, id, topic, headers, event.data());
    }

    /** Returns what is known of the message of an event that was published to the topic of its kind of aggregate. */
    static ProgressRequest.Sought sought(EventRecord event) {
        return new ProgressRequest.Sought(
                event.eventId().toString(),
                event.aggregateId().type(),
                event.aggregateId().id(),
                event.timestamp());
    }

    private static Message message(
            EventRecord event, String id, String topic, Map<String, String> headers, byte[] body) {
        return new Message(
                id, topic, event.eventType().name(), event.aggregateId().id(), headers, body);
    }

    /**
     * Returns the event in {@code message}.
     *
     * @throws UndecodableMessageException if it holds none
     */
    EventRecord decode(Message message) {
        try {
            if (isStructured(message.headers())) {
                return json.readCloudEvent(message.body(), message.topic(), message.key());
            }
            for (Names names : BINDINGS) {
                String id = message.headers().get(names.id);
                if (id != null) {
                    return binary(message, id, names);
                }
            }
            return envelope(message);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new UndecodableMessageException(message, "its envelope is not valid: " + e.getMessage(), e);
        }
    }

    private EventRecord envelope(Message message) {
        try {
            return json.readEnvelope(message.body(), message.topic());
        } catch (IllegalArgumentException e) {
            throw new UndecodableMessageException(
                    message, "it has no header 'ce_id', and as a JSON envelope " + e.getMessage(), e);
        }
    }

    private static boolean isStructured(Map<String, String> headers) {
        String contentType = headers.get(CONTENT_TYPE);
        return contentType != null && contentType.regionMatches(true, 0, STRUCTURED, 0, STRUCTURED.length());
    }

    // What only this framework writes has a meaning where it is missing, so that foreign events can be read too.
    private static EventRecord binary(Message message, String id, Names names) {
        Map<String, String> headers = message.headers();
        String correlationId = headers.getOrDefault(names.correlationId, id);
        return new EventRecord(
                UUID.fromString(id),
                EventType.of(
                        required(message, names.type),
                        Integer.parseInt(headers.getOrDefault(names.schemaVersion, "1"))),
                IsoInstants.parse(required(message, names.time)),
                correlationId,
                headers.getOrDefault(names.causationId, correlationId),
                AggregateId.of(
                        headers.getOrDefault(names.aggregateType, message.topic()),
                        headers.getOrDefault(names.subject, message.key())),
                Long.parseLong(required(message, names.aggregateVersion)),
                message.body(),
                metadata(headers));
    }

    private static String required(Message message, String name) {
        String value = message.headers().get(name);
        if (value == null) {
            throw new UndecodableMessageException(message, "it has no header '" + name + "'");
        }
        return value;
    }

    EventRecord recordOf(Event<?> event, byte[] data) {
        return new EventRecord(
                event.eventId(),
                event.eventType(),
                event.timestamp(),
                event.correlationId(),
                event.causationId(),
                event.aggregateId(),
                event.aggregateVersion(),
                data,
                event.metadata());
    }

    private static Metadata metadata(Map<String, String> headers) {
        Map<String, String> metadata = new HashMap<>();
        for (String name : headers.keySet()) {
            String key = name.startsWith(METADATA_PREFIX)
                    ? name.substring(METADATA_PREFIX.length())
                    : PLAIN.contains(name) ? name : "";
            if (!key.isEmpty()) {
                metadata.put(key, headers.get(name));
            }
        }
        return metadata.isEmpty() ? Metadata.empty() : Metadata.of(metadata);
    }

    /** What a binding calls the headers that are read. Made once, so that a look-up needs neither a new text nor its hash. */
    private record Names(
            String id,
            String type,
            String schemaVersion,
            String time,
            String correlationId,
            String causationId,
            String aggregateType,
            String aggregateVersion,
            String subject) {

        private static Names of(String prefix) {
            return new Names(
                    prefix + "id",
                    prefix + "type",
                    prefix + "schemaversion",
                    prefix + "time",
                    prefix + "correlationid",
                    prefix + "causationid",
                    prefix + "aggregatetype",
                    prefix + "aggregateversion",
                    prefix + "subject");
        }
    }
}
