package io.eda.serialization;

import io.eda.event.AggregateId;
import io.eda.event.EventRecord;
import io.eda.event.EventType;
import io.eda.event.Metadata;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.json.JsonMapper;

/**
 * An event as one JSON with its envelope: as CloudEvents 1.0 has it in structured mode, written and read, and with the plain names of
 * the envelope ({@code eventId}, {@code eventType}, {@code timestamp}, …), read.
 *
 * <p>The data pass byte for byte where they are a JSON object or array, and as base64 where they are no JSON. Thread-safe.
 */
public final class JsonEnvelope {

    /** The limit of one envelope with its data in bytes. */
    public static final int MAX_BYTES = 64 << 20;

    private static final Set<String> TRACE = Set.of("traceparent", "tracestate", "baggage");
    private static final String METADATA = "edametadata";

    private final JsonMapper json = JsonFormat.mapper(MAX_BYTES);

    /** Returns {@code event} as a CloudEvent in structured mode that comes from {@code source}. */
    public byte[] write(EventRecord event, String source) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(event.data().length + 768);
        try (JsonGenerator out = json.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeStringProperty("specversion", "1.0");
            out.writeStringProperty("id", event.eventId().toString());
            out.writeStringProperty("source", source);
            out.writeStringProperty("type", event.eventType().name());
            out.writeStringProperty("time", event.timestamp().toString());
            out.writeStringProperty("subject", event.aggregateId().id());
            out.writeNumberProperty("schemaversion", event.eventType().version());
            out.writeStringProperty("aggregatetype", event.aggregateId().type());
            // CloudEvents knows whole numbers of 32 bits alone.
            out.writeStringProperty("aggregateversion", Long.toString(event.aggregateVersion()));
            out.writeStringProperty("correlationid", event.correlationId());
            out.writeStringProperty("causationid", event.causationId());
            writeMetadata(out, event.metadata());
            writeData(out, event.data());
            out.writeEndObject();
        }
        return bytes.toByteArray();
    }

    // An extension's name has lower-case letters and digits alone, a key of metadata has not: so they travel as one
    // text of JSON.
    private void writeMetadata(JsonGenerator out, Metadata metadata) {
        Map<String, String> others = new TreeMap<>(metadata.asMap());
        TRACE.forEach(name -> {
            String value = others.remove(name);
            if (value != null) {
                out.writeStringProperty(name, value);
            }
        });
        if (!others.isEmpty()) {
            out.writeStringProperty(METADATA, json.writeValueAsString(others));
        }
    }

    private void writeData(JsonGenerator out, byte[] data) {
        if (isJson(data)) {
            out.writeStringProperty("datacontenttype", "application/json");
            out.writeName("data");
            out.writeRawValue(new String(data, StandardCharsets.UTF_8));
        } else {
            out.writeStringProperty("datacontenttype", "application/octet-stream");
            out.writeStringProperty("data_base64", Base64.getEncoder().encodeToString(data));
        }
    }

    private boolean isJson(byte[] data) {
        try (JsonParser in = json.createParser(data)) {
            if (in.nextToken() == null) {
                return false;
            }
            in.skipChildren();
            return in.nextToken() == null;
        } catch (JacksonException e) {
            return false;
        }
    }

    /**
     * Returns the event in {@code bytes}, a CloudEvent in structured mode. What only this framework writes has a meaning where it is
     * missing: the event is then of the aggregate {@code topic}/{@code key}, in version 1 of its shape.
     *
     * @throws IllegalArgumentException if it is none; the message says what is missing or wrong
     */
    public EventRecord readCloudEvent(byte[] bytes, String topic, String key) {
        JsonFields fields = JsonFields.read(json, bytes);
        String id = fields.text("id");
        String correlationId = fields.text("correlationid", id);
        return record(() -> new EventRecord(
                UUID.fromString(id),
                EventType.of(fields.text("type"), Integer.parseInt(fields.text("schemaversion", "1"))),
                Instant.parse(fields.text("time")),
                correlationId,
                fields.text("causationid", correlationId),
                AggregateId.of(fields.text("aggregatetype", topic), fields.text("subject", key)),
                Long.parseLong(fields.text("aggregateversion")),
                fields.data(),
                metadata(fields)));
    }

    /**
     * Returns the event in {@code bytes}, a plain JSON envelope: {@code eventId}, {@code eventType}, {@code timestamp},
     * {@code aggregateId}, {@code aggregateVersion} and {@code data}; where they are there also {@code correlationId},
     * {@code causationId}, {@code aggregateType}, {@code schemaVersion}. Without an aggregate type it is {@code topic}.
     *
     * @throws IllegalArgumentException if it is none; the message says what is missing or wrong
     */
    public EventRecord readEnvelope(byte[] bytes, String topic) {
        JsonFields fields = JsonFields.read(json, bytes);
        String id = fields.text("eventId");
        String correlationId = fields.text("correlationId", id);
        return record(() -> new EventRecord(
                UUID.fromString(id),
                EventType.of(fields.text("eventType"), Integer.parseInt(fields.text("schemaVersion", "1"))),
                Instant.parse(fields.text("timestamp")),
                correlationId,
                fields.text("causationId", correlationId),
                AggregateId.of(fields.text("aggregateType", topic), fields.text("aggregateId")),
                Long.parseLong(fields.text("aggregateVersion")),
                fields.data(),
                Metadata.empty()));
    }

    private Metadata metadata(JsonFields fields) {
        Map<String, String> entries = new TreeMap<>();
        TRACE.forEach(name -> fields.find(name).ifPresent(value -> entries.put(name, value)));
        fields.find(METADATA).ifPresent(text -> JsonFields.read(json, text.getBytes(StandardCharsets.UTF_8))
                .texts()
                .forEach(entries::put));
        return Metadata.of(entries);
    }

    private static EventRecord record(Supplier<EventRecord> reading) {
        try {
            return reading.get();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("its time is none: " + e.getMessage(), e);
        }
    }
}
