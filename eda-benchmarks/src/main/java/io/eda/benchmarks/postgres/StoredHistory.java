package io.eda.benchmarks.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Stored events to read. Every aggregate gets its next event before any gets the one behind that, so that the events of one
 * aggregate lie as far apart as in a history that grew.
 */
final class StoredHistory {

    static final int EVENTS_PER_AGGREGATE = 100;

    private static final int ROWS = 1_000;

    private final List<String> aggregateIds;

    private StoredHistory(List<String> aggregateIds) {
        this.aggregateIds = aggregateIds;
    }

    /** Stores {@code events} events, a multiple of 1 000, and leaves the table as a quiet server would have it. */
    static StoredHistory load(Database database, int events) throws Exception {
        return new StoredHistory(List.of()).grown(database, events);
    }

    /** Finds what another process has stored. */
    static StoredHistory found(Connections connections) throws SQLException {
        List<String> aggregateIds = new ArrayList<>();
        try (Statement select = connections.connect().createStatement();
                ResultSet rows = select.executeQuery("select distinct aggregate_id from " + EventsTable.NAME)) {
            while (rows.next()) {
                aggregateIds.add(rows.getString(1));
            }
        }
        return new StoredHistory(List.copyOf(aggregateIds));
    }

    /** Stores more, of more aggregates, up to {@code events}; whatever others have stored meanwhile is not counted. */
    StoredHistory grown(Database database, int events) throws Exception {
        try (Connections connections = database.connections()) {
            EventsTable.create(connections);
            UnnestBatch batch = new UnnestBatch(connections.connect(), ROWS);
            List<String> more = new ArrayList<>();
            while (aggregateIds.size() + more.size() < events / EVENTS_PER_AGGREGATE) {
                more.add(batch.newId());
            }
            insert(batch, more);
            // Otherwise the first reader pays for what the writer left: hint bits, statistics, dirty pages.
            connections.execute("vacuum analyze " + EventsTable.NAME);
            connections.execute("checkpoint");
            return new StoredHistory(
                    Stream.concat(aggregateIds.stream(), more.stream()).toList());
        }
    }

    private static void insert(UnnestBatch batch, List<String> aggregateIds) throws SQLException {
        for (int version = 1; version <= EVENTS_PER_AGGREGATE; version++) {
            String commandId = batch.newId();
            for (String aggregateId : aggregateIds) {
                batch.add(aggregateId, version, commandId);
                if (batch.isFull()) {
                    batch.send();
                }
            }
        }
    }

    String anyAggregate(SplittableRandom random) {
        return aggregateIds.get(random.nextInt(aggregateIds.size()));
    }

    /** Returns {@code found} if it is what an aggregate has. */
    int wholeAggregate(int found) {
        if (found != EVENTS_PER_AGGREGATE) {
            throw new IllegalStateException(
                    "An aggregate has " + EVENTS_PER_AGGREGATE + " events, " + found + " were read");
        }
        return found;
    }

    /** Fails if a reader that came to the end has not seen everything. */
    void requireAll(int seen) {
        int stored = aggregateIds.size() * EVENTS_PER_AGGREGATE;
        if (seen != stored) {
            throw new IllegalStateException(stored + " events are stored, " + seen + " were read");
        }
    }
}
