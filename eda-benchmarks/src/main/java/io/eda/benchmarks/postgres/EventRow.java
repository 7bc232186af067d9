package io.eda.benchmarks.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.UUID;

/** Reads a row of {@code eda.events} with the driver alone: each column as the type that an event needs. */
final class EventRow {

    private EventRow() {}

    /** Decodes every column. Returns a number that depends on each, so that no compiler leaves one out. */
    static int decode(ResultSet row) throws SQLException {
        long numbers = row.getLong(1) + row.getLong(2) + row.getInt(4);
        int objects = row.getObject(3, OffsetDateTime.class).toInstant().hashCode()
                + row.getObject(5, UUID.class).hashCode();
        int texts = 0;
        for (int column = 6; column <= 10; column++) {
            texts += row.getString(column).length();
        }
        String metadata = row.getString(11);
        byte[] data = row.getBytes(12);
        if (data.length != SampleEvents.PAYLOAD_BYTES) {
            throw new IllegalStateException("Position " + row.getLong(1) + " has " + data.length
                    + " bytes of data, not " + SampleEvents.PAYLOAD_BYTES);
        }
        return (int) numbers + objects + texts + data[0] + (metadata == null ? 0 : metadata.length());
    }
}
