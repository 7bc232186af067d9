package io.eda.benchmarks.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** Many rows for {@code eda.events} in one statement, as arrays that the server takes apart. For one thread. */
final class UnnestBatch {

    private static final String INSERT = "insert into " + EventsTable.NAME + " (" + EventsTable.WRITTEN + ")"
            + " select type, id, version, event_id, event_type, 1,"
            + " timestamptz 'epoch' + micros * interval '1 microsecond', command_id, command_id, data"
            + " from unnest(?::text[], ?::text[], ?::int8[], ?::uuid[], ?::text[], ?::int8[], ?::text[], ?::bytea[])"
            + " as n (type, id, version, event_id, event_type, micros, command_id, data)";

    private final Connection connection;
    private final PreparedStatement insert;
    private final SampleEvents sample = new SampleEvents();
    private final String[] types;
    private final String[] ids;
    private final Long[] versions;
    private final UUID[] eventIds;
    private final String[] eventTypes;
    private final Long[] micros;
    private final String[] commandIds;
    private final byte[][] data;
    private int size;

    UnnestBatch(Connection connection, int capacity) throws SQLException {
        this.connection = connection;
        this.insert = connection.prepareStatement(INSERT);
        this.types = new String[capacity];
        this.ids = new String[capacity];
        this.versions = new Long[capacity];
        this.eventIds = new UUID[capacity];
        this.eventTypes = new String[capacity];
        this.micros = new Long[capacity];
        this.commandIds = new String[capacity];
        this.data = new byte[capacity][];
    }

    String newId() {
        return sample.id().toString();
    }

    void add(String aggregateId, long version, String commandId) {
        types[size] = SampleEvents.AGGREGATE_TYPE;
        ids[size] = aggregateId;
        versions[size] = version;
        eventIds[size] = sample.id();
        eventTypes[size] = SampleEvents.EVENT_TYPE;
        micros[size] = ChronoUnit.MICROS.between(Instant.EPOCH, sample.now());
        commandIds[size] = commandId;
        data[size] = sample.payload();
        size++;
    }

    boolean isFull() {
        return size == types.length;
    }

    /** Sends a full batch, as one transaction, and begins the next. */
    void send() throws SQLException {
        if (!isFull()) {
            throw new IllegalStateException("The batch has " + size + " of " + types.length + " rows: fill it first");
        }
        insert.setArray(1, connection.createArrayOf("text", types));
        insert.setArray(2, connection.createArrayOf("text", ids));
        insert.setArray(3, connection.createArrayOf("int8", versions));
        insert.setArray(4, connection.createArrayOf("uuid", eventIds));
        insert.setArray(5, connection.createArrayOf("text", eventTypes));
        insert.setArray(6, connection.createArrayOf("int8", micros));
        insert.setArray(7, connection.createArrayOf("text", commandIds));
        insert.setArray(8, connection.createArrayOf("bytea", data));
        insert.executeUpdate();
        size = 0;
    }
}
