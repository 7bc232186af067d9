package io.eda.store.postgres;

import io.eda.event.AggregateId;
import io.eda.event.EventRecord;
import io.eda.event.EventType;
import io.eda.event.Metadata;
import io.eda.store.Append;
import io.eda.store.EventStorageException;
import io.eda.store.NewEvent;
import io.eda.store.StoredEvent;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** How an event becomes columns, and columns an event. */
final class EventColumns {

    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

    private EventColumns() {}

    /**
     * Refuses what a column could not hold, before anything is sent. Texts and metadata were checked when the event was made,
     * 0x00 and broken surrogates included.
     */
    static void check(Append append) {
        for (NewEvent event : append.events()) {
            if (event.timestamp().isBefore(EARLIEST) || event.timestamp().isAfter(LATEST)) {
                throw new EventStorageException("Append to " + append.aggregateId() + " was not tried: " + event
                        + " has the timestamp " + event.timestamp()
                        + ", and only the years 1 to 9999 can be stored. Nothing"
                        + " was stored: correct the clock that gave it.");
            }
        }
    }

    /** Sets the seven parameters of an append of one event, but for its time. */
    static void write(PreparedStatement statement, NewEvent event) throws SQLException {
        statement.setObject(1, event.eventId());
        statement.setString(2, event.eventType().name());
        statement.setInt(3, event.eventType().version());
        statement.setString(4, event.correlationId());
        statement.setString(5, event.causationId());
        statement.setString(6, MetadataText.write(event.metadata()));
        statement.setBytes(7, event.data());
    }

    /** Sets the eight arrays of an append, beginning with parameter {@code first}; they live as long as the statement. */
    static void write(PreparedStatement statement, int first, List<NewEvent> events) throws SQLException {
        Connection connection = statement.getConnection();
        List<Array> arrays = List.of(
                array(connection, "uuid", events, UUID[]::new, NewEvent::eventId),
                array(connection, "text", events, String[]::new, e -> e.eventType()
                        .name()),
                array(connection, "int4", events, Integer[]::new, e -> e.eventType()
                        .version()),
                array(connection, "int8", events, Long[]::new, e -> micros(e.timestamp())),
                array(connection, "text", events, String[]::new, NewEvent::correlationId),
                array(connection, "text", events, String[]::new, NewEvent::causationId),
                array(connection, "text", events, String[]::new, e -> MetadataText.write(e.metadata())),
                array(connection, "bytea", events, byte[][]::new, NewEvent::data));
        for (int i = 0; i < arrays.size(); i++) {
            statement.setArray(first + i, arrays.get(i));
        }
    }

    private static <T> Array array(
            Connection connection,
            String type,
            List<NewEvent> events,
            IntFunction<T[]> empty,
            Function<NewEvent, ? extends @Nullable T> column)
            throws SQLException {
        T[] values = empty.apply(events.size());
        for (int i = 0; i < values.length; i++) {
            values[i] = column.apply(events.get(i));
        }
        return connection.createArrayOf(type, values);
    }

    static long micros(Instant timestamp) {
        return timestamp.getEpochSecond() * 1_000_000 + timestamp.getNano() / 1_000;
    }

    /** Reads the row that {@code rows} stands on. */
    static StoredEvent<EventRecord> read(ResultSet rows) throws SQLException {
        long position = rows.getLong(1);
        EventRecord event = new EventRecord(
                rows.getObject(5, UUID.class),
                EventType.of(rows.getString(8), rows.getInt(4)),
                rows.getObject(3, OffsetDateTime.class).toInstant(),
                rows.getString(9),
                rows.getString(10),
                AggregateId.of(rows.getString(6), rows.getString(7)),
                rows.getLong(2),
                rows.getBytes(12),
                metadata(position, rows.getString(11)));
        return new StoredEvent<>(position, event);
    }

    static Metadata metadata(long position, @Nullable String text) {
        try {
            return MetadataText.read(text);
        } catch (IllegalArgumentException e) {
            throw new EventStorageException(
                    "The event at position " + position + " cannot be read: " + e.getMessage()
                            + ". It was not written by this library; whoever wrote it must follow schema/events.sql.",
                    e);
        }
    }
}
