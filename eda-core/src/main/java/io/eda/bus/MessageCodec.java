package io.eda.bus;

import io.eda.event.AggregateId;
import io.eda.event.Event;
import io.eda.event.EventRecord;
import io.eda.event.EventType;
import io.eda.event.Metadata;
import io.eda.transport.Message;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Events as CloudEvents 1.0 in binary mode: the envelope in headers, the data as they are in the body. */
final class MessageCodec {

    private static final String SPEC_VERSION = "ce_specversion";
    private static final String ID = "ce_id";
    private static final String TYPE = "ce_type";
    private static final String SOURCE = "ce_source";
    private static final String TIME = "ce_time";
    private static final String SUBJECT = "ce_subject";
    private static final String SCHEMA_VERSION = "ce_schemaversion";
    private static final String AGGREGATE_TYPE = "ce_aggregatetype";
    private static final String AGGREGATE_VERSION = "ce_aggregateversion";
    private static final String CORRELATION_ID = "ce_correlationid";
    private static final String CAUSATION_ID = "ce_causationid";
    private static final String CONTENT_TYPE = "content-type";

    // Trace context travels under the names that tracers look for; other metadata under a prefix of their own.
    private static final Set<String> PLAIN = Set.of("traceparent", "tracestate", "baggage");
    private static final String METADATA_PREFIX = "eda_";

    private final String source;

    MessageCodec(String source) {
        this.source = source;
    }

    Message encode(EventRecord event) {
        Map<String, String> headers = new HashMap<>();
        headers.put(SPEC_VERSION, "1.0");
        headers.put(ID, event.eventId().toString());
        headers.put(TYPE, event.eventType().name());
        headers.put(SOURCE, source);
        headers.put(TIME, event.timestamp().toString());
        headers.put(SUBJECT, event.aggregateId().id());
        headers.put(SCHEMA_VERSION, Integer.toString(event.eventType().version()));
        headers.put(AGGREGATE_TYPE, event.aggregateId().type());
        headers.put(AGGREGATE_VERSION, Long.toString(event.aggregateVersion()));
        headers.put(CORRELATION_ID, event.correlationId());
        headers.put(CAUSATION_ID, event.causationId());
        headers.put(CONTENT_TYPE, "application/json");
        headers.put("eventId", event.eventId().toString());
        headers.put("eventType", event.eventType().name());
        event.metadata()
                .asMap()
                .forEach((key, value) -> headers.put(PLAIN.contains(key) ? key : METADATA_PREFIX + key, value));
        return new Message(
                event.eventId().toString(),
                event.aggregateId().type(),
                event.eventType().name(),
                event.aggregateId().id(),
                headers,
                event.data());
    }

    /**
     * Returns the event in {@code message}.
     *
     * @throws UndecodableMessageException if it holds none
     */
    EventRecord decode(Message message) {
        Headers headers = new Headers(message);
        try {
            return new EventRecord(
                    UUID.fromString(headers.get(ID)),
                    EventType.of(headers.get(TYPE), Integer.parseInt(headers.get(SCHEMA_VERSION))),
                    Instant.parse(headers.get(TIME)),
                    headers.get(CORRELATION_ID),
                    headers.get(CAUSATION_ID),
                    AggregateId.of(headers.get(AGGREGATE_TYPE), headers.get(SUBJECT)),
                    Long.parseLong(headers.get(AGGREGATE_VERSION)),
                    message.body(),
                    metadata(message.headers()));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new UndecodableMessageException(message, "one of its headers has a bad value: " + e.getMessage(), e);
        }
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
        headers.forEach((name, value) -> {
            if (PLAIN.contains(name)) {
                metadata.put(name, value);
            } else if (name.startsWith(METADATA_PREFIX)) {
                metadata.put(name.substring(METADATA_PREFIX.length()), value);
            }
        });
        return Metadata.of(metadata);
    }

    private record Headers(Message message) {
        String get(String name) {
            String value = message.headers().get(name);
            if (value == null) {
                throw new UndecodableMessageException(message, "it has no header '" + name + "'");
            }
            return value;
        }
    }
}
