package io.eda.benchmarks.postgres;

import io.eda.benchmarks.harness.Operation;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.Collections;

/** The driver alone: one prepared INSERT an append, which commits by itself. Checks nothing. */
final class RawInsert implements AppendSystem {

    @Override
    public String name() {
        return "raw-insert";
    }

    @Override
    public String settings() {
        return "pgjdbc, a connection a caller without a pool, one server-prepared INSERT with autocommit into eda.events, no"
                + " version check, data bytea";
    }

    @Override
    public String payloadColumn() {
        return EventsTable.NAME + ".data";
    }

    @Override
    public Callers open(Connections connections, int eventsPerAppend) {
        EventsTable.create(connections);
        return () -> caller(connections.connect(), eventsPerAppend);
    }

    private static Operation caller(Connection connection, int eventsPerAppend) throws SQLException {
        SampleEvents sample = new SampleEvents();
        String row = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        PreparedStatement insert = connection.prepareStatement("insert into " + EventsTable.NAME + " ("
                + EventsTable.WRITTEN + ") values " + String.join(", ", Collections.nCopies(eventsPerAppend, row)));
        return watch -> {
            bind(insert, sample, eventsPerAppend);
            insert.executeUpdate();
            return eventsPerAppend;
        };
    }

    private static void bind(PreparedStatement insert, SampleEvents sample, int events) throws SQLException {
        String aggregateId = sample.id().toString();
        String commandId = sample.id().toString();
        int parameter = 0;
        for (int version = 1; version <= events; version++) {
            insert.setString(++parameter, SampleEvents.AGGREGATE_TYPE);
            insert.setString(++parameter, aggregateId);
            insert.setLong(++parameter, version);
            insert.setObject(++parameter, sample.id());
            insert.setString(++parameter, SampleEvents.EVENT_TYPE);
            insert.setInt(++parameter, 1);
            insert.setObject(++parameter, sample.now().atOffset(ZoneOffset.UTC));
            insert.setString(++parameter, commandId);
            insert.setString(++parameter, commandId);
            insert.setBytes(++parameter, sample.payload());
        }
    }
}
