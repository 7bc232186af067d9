package io.eda.benchmarks.postgres;

import io.eda.benchmarks.harness.Operation;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.SplittableRandom;
import org.axonframework.eventsourcing.eventstore.DomainEventStream;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;

/** Reads through the engine of Axon 4.13, up to whole messages whose payloads are bytes. */
final class Axon4Reads {

    private static final String COPY =
            """
            insert into domainevententry
                (aggregateidentifier, sequencenumber, type, eventidentifier, metadata, payload, payloadrevision, payloadtype, timestamp)
            select aggregate_id, aggregate_version - 1, aggregate_type, event_id::text, '{}'::bytea, data, '1', event_type,
                to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
            from eda.events order by position""";

    private Axon4Reads() {}

    /** Gives Axon a copy of what is stored, in the same order. */
    static void copy(Connections connections) throws SQLException {
        Axon4Store.engine(connections.pool(1, false), new PassThroughSerializer());
        connections.execute(COPY);
        connections.execute("vacuum analyze domainevententry");
    }

    /** Reads everything in order, a page a call, again and again. */
    static Callers all(Connections connections, StoredHistory history, int pageSize) {
        JdbcEventStorageEngine engine = engine(connections, 1);
        return () -> new Replay(() -> fromBeginning(engine), history, pageSize)::next;
    }

    private static Iterator<byte[]> fromBeginning(JdbcEventStorageEngine engine) {
        // No token is the beginning.
        return engine.readEvents(null, false)
                .map(event -> (byte[]) event.getPayload())
                .iterator();
    }

    /** Reads one aggregate a call. */
    static Callers aggregates(Connections connections, StoredHistory history, int callers) {
        JdbcEventStorageEngine engine = engine(connections, callers);
        return () -> {
            SplittableRandom random = new SplittableRandom();
            Operation operation = watch -> {
                DomainEventStream events = engine.readEvents(history.anyAggregate(random), 0);
                int count = 0;
                while (events.hasNext()) {
                    Replay.requireWhole((byte[]) events.next().getPayload());
                    count++;
                }
                return history.wholeAggregate(count);
            };
            return operation;
        };
    }

    /** With autocommit: a read needs no transaction, and none has to be rolled back behind it. */
    private static JdbcEventStorageEngine engine(Connections connections, int pool) {
        return Axon4Store.engineOver(connections.pool(pool, true), new PassThroughSerializer());
    }
}
