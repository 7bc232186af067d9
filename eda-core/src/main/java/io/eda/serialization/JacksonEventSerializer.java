package io.eda.serialization;

import io.eda.event.Event;
import io.eda.event.EventRecord;
import io.eda.event.EventType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Events as JSON, written and read by Jackson with every one of its features set here, so that an upgrade of Jackson
 * changes no byte.
 *
 * <p>Reading forgives properties that it does not know, so that a writer may add one before its readers know it; it
 * refuses whatever would lose or guess: duplicate keys, trailing text, numbers for enums, coerced scalars. Class names
 * never appear in the data and are never read from them.
 */
public final class JacksonEventSerializer implements EventSerializer, StateSerializer {

    /** The default limit of one event's data in bytes. */
    public static final int DEFAULT_MAX_BYTES = 1 << 20;

    private final EventTypes types;
    private final int maxBytes;
    private final JsonMapper json;
    private final Map<Class<?>, ObjectReader> readers = new ConcurrentHashMap<>();
    private final Map<Class<?>, ObjectWriter> writers = new ConcurrentHashMap<>();

    /** Serializes the events of {@code types}, each up to {@value #DEFAULT_MAX_BYTES} bytes. */
    public JacksonEventSerializer(EventTypes types) {
        this(types, DEFAULT_MAX_BYTES);
    }

    /** Serializes the events of {@code types}, each up to {@code maxBytes} bytes, in both directions. */
    public JacksonEventSerializer(EventTypes types, int maxBytes) {
        if (maxBytes < 1) {
            throw new IllegalArgumentException(
                    "The limit of an event's size is " + maxBytes + " bytes: allow at least 1");
        }
        this.types = types;
        this.maxBytes = maxBytes;
        this.json = JsonFormat.mapper(maxBytes);
    }

    @Override
    public EventTypes types() {
        return types;
    }

    @Override
    public byte[] serialize(Object data) {
        EventType type = types.typeOf(data.getClass());
        byte[] bytes;
        try {
            bytes = writerOf(data.getClass()).writeValueAsBytes(data);
        } catch (JacksonException e) {
            throw new EventSerializationException(
                    "The data of '" + type + "' cannot be written as JSON: " + e.getOriginalMessage()
                            + ". Events are plain records of values.",
                    e);
        }
        if (bytes.length > maxBytes) {
            throw new EventSerializationException("The data of '" + type + "' have " + bytes.length
                    + " bytes as JSON, the limit is " + maxBytes
                    + ". Keep large objects elsewhere and their address in the event, or raise the limit.");
        }
        return bytes;
    }

    @Override
    public List<Event<?>> deserialize(EventRecord record) {
        if (record.data().length > maxBytes) {
            throw new EventDeserializationException.Malformed(
                    record, "its data are over the limit of " + maxBytes + " bytes");
        }
        Class<?> current = types.classOf(record.eventType());
        try {
            if (current != null) {
                Object data = readerOf(current).readValue(record.data());
                return List.of(event(record, record.eventType(), data));
            }
            return deserializeOld(record);
        } catch (JacksonException e) {
            throw new EventDeserializationException.Malformed(
                    record, "its data are not the JSON of " + describe(current) + ": " + e.getOriginalMessage(), e);
        }
    }

    @Override
    public byte[] serializeState(Object state) {
        try {
            return json.writeValueAsBytes(state);
        } catch (JacksonException e) {
            throw new EventSerializationException(
                    "The state " + state.getClass().getName() + " cannot be written as JSON: " + e.getOriginalMessage()
                            + ". States with snapshots are plain records of values.",
                    e);
        }
    }

    @Override
    public <S> S deserializeState(byte[] bytes, Class<S> stateClass) {
        try {
            S state = json.readValue(bytes, stateClass);
            if (state != null) {
                return state;
            }
        } catch (JacksonException e) {
            throw new EventSerializationException(notTheState(stateClass) + e.getOriginalMessage(), e);
        }
        throw new EventSerializationException(notTheState(stateClass) + "they are the JSON word null");
    }

    private static String notTheState(Class<?> stateClass) {
        return "The bytes of a snapshot are not the JSON of " + stateClass.getName()
                + " (raise the schema version of its snapshot plan when the class changes): ";
    }

    private List<Event<?>> deserializeOld(EventRecord record) {
        types.requireKnown(record);
        JsonNode tree = json.readTree(record.data());
        if (!(tree instanceof ObjectNode object)) {
            throw new EventDeserializationException.Malformed(record, "its data are not a JSON object");
        }
        List<Event<?>> events = new ArrayList<>();
        for (UpcastEvent upcast : types.upcast(record, object)) {
            Class<?> current = types.classOf(upcast.type());
            if (current == null) {
                throw new IllegalStateException("The catalogue upcast to '" + upcast.type() + "', which has no class");
            }
            EventRecord part = events.isEmpty() ? record : record.part(events.size());
            events.add(event(part, upcast.type(), readerOf(current).readValue(upcast.data())));
        }
        return events;
    }

    // Looked up first, because computeIfAbsent may lock even where there is one.
    private ObjectReader readerOf(Class<?> dataClass) {
        ObjectReader reader = readers.get(dataClass);
        return reader == null ? readers.computeIfAbsent(dataClass, json::readerFor) : reader;
    }

    private ObjectWriter writerOf(Class<?> dataClass) {
        ObjectWriter writer = writers.get(dataClass);
        return writer == null ? writers.computeIfAbsent(dataClass, json::writerFor) : writer;
    }

    private static Event<?> event(EventRecord record, EventType type, @Nullable Object data) {
        if (data == null) {
            throw new EventDeserializationException.Malformed(record, "its data are the JSON word null");
        }
        try {
            return record.withData(type, data);
        } catch (IllegalArgumentException e) {
            throw new EventDeserializationException.Malformed(
                    record, "its envelope is not valid. " + e.getMessage(), e);
        }
    }

    private static String describe(@Nullable Class<?> current) {
        return current == null ? "an older version" : current.getSimpleName();
    }
}
