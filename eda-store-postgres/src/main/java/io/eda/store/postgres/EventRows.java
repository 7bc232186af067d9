package io.eda.store.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eda.event.AggregateId;
import io.eda.event.EventRecord;
import io.eda.event.EventType;
import io.eda.store.StoredEvent;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.postgresql.PGResultSetMetaData;

/**
 * The rows of a statement, as they came over the wire where the driver got them in binary form. So the connection can go back
 * before they become events, and the next page can travel while this one is decoded: each is about half of what a reader of
 * many pages spends its time on.
 */
final class EventRows {

    private static final int COLUMNS = 12;
    private static final int DATA = 11;
    /** Which columns come in binary form; texts are the same bytes in both. */
    private static final String BINARY = "111110000001";

    private static final byte[] ABSENT = new byte[0];
    // PostgreSQL counts microseconds from the year 2000.
    private static final long MILLENNIUM = Instant.parse("2000-01-01T00:00:00Z").getEpochSecond();
    private static final long SECOND = 1_000_000;

    private final List<byte[][]> raw;
    private final List<StoredEvent<EventRecord>> decoded;

    private EventRows(List<byte[][]> raw, List<StoredEvent<EventRecord>> decoded) {
        this.raw = raw;
        this.decoded = decoded;
    }

    /** Takes all of {@code rows}, which have the columns of {@code statement/read_all.sql}, about {@code expected} of them. */
    static EventRows of(ResultSet rows, int expected) throws SQLException {
        boolean isBinary = formats(rows).equals(BINARY);
        List<byte[][]> raw = new ArrayList<>(isBinary ? expected : 0);
        List<StoredEvent<EventRecord>> decoded = new ArrayList<>(isBinary ? 0 : expected);
        while (rows.next()) {
            if (isBinary) {
                raw.add(columns(rows));
            } else {
                // The first few times that a connection sends a statement, and always through a proxy.
                decoded.add(EventColumns.read(rows));
            }
        }
        return new EventRows(raw, decoded);
    }

    private static String formats(ResultSet rows) throws SQLException {
        StringBuilder formats = new StringBuilder(COLUMNS);
        if (rows.getMetaData() instanceof PGResultSetMetaData meta) {
            for (int column = 1; column <= COLUMNS; column++) {
                formats.append(meta.getFormat(column));
            }
        }
        return formats.toString();
    }

    private static byte[][] columns(ResultSet rows) throws SQLException {
        byte[][] columns = new byte[COLUMNS][];
        for (int i = 0; i < COLUMNS; i++) {
            byte[] column = rows.getBytes(i + 1);
            columns[i] = column == null ? ABSENT : column;
        }
        return columns;
    }

    int size() {
        return raw.size() + decoded.size();
    }

    /** Returns the position of the last row, of which there is at least one. */
    long lastPosition() {
        return raw.isEmpty() ? decoded.get(decoded.size() - 1).position() : int8(raw.get(raw.size() - 1)[0]);
    }

    /** Returns how many bytes of data there are. */
    long dataBytes() {
        long bytes = 0;
        for (byte[][] row : raw) {
            bytes += row[DATA].length;
        }
        for (StoredEvent<EventRecord> stored : decoded) {
            bytes += stored.event().data().length;
        }
        return bytes;
    }

    List<StoredEvent<EventRecord>> decode() {
        if (raw.isEmpty()) {
            return decoded;
        }
        List<StoredEvent<EventRecord>> events = new ArrayList<>(raw.size());
        byte[] typeName = ABSENT;
        EventType type = EventType.of("none");
        for (byte[][] row : raw) {
            int version = int4(row[3]);
            // Mostly of the same type as the one before: worth checking neither the name nor keeping it twice.
            if (version != type.version() || !Arrays.equals(row[7], typeName)) {
                typeName = row[7];
                type = EventType.of(text(typeName), version);
            }
            events.add(event(row, type));
        }
        return events;
    }

    private static StoredEvent<EventRecord> event(byte[][] row, EventType type) {
        long position = int8(row[0]);
        EventRecord event = new EventRecord(
                uuid(row[4]),
                type,
                instant(row[2]),
                text(row[8]),
                text(row[9]),
                AggregateId.of(text(row[5]), text(row[6])),
                int8(row[1]),
                row[DATA],
                EventColumns.metadata(position, row[10] == ABSENT ? null : text(row[10])));
        return new StoredEvent<>(position, event);
    }

    private static Instant instant(byte[] column) {
        long micros = int8(column);
        long second = Math.floorDiv(micros, SECOND);
        return Instant.ofEpochSecond(MILLENNIUM + second, (micros - second * SECOND) * 1_000);
    }

    private static UUID uuid(byte[] column) {
        ByteBuffer buffer = ByteBuffer.wrap(column);
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    private static long int8(byte[] column) {
        return ByteBuffer.wrap(column).getLong();
    }

    private static int int4(byte[] column) {
        return ByteBuffer.wrap(column).getInt();
    }

    private static String text(byte[] column) {
        return new String(column, UTF_8);
    }
}
