package io.eda.benchmarks.postgres;

import io.eda.benchmarks.harness.Operation;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.SplittableRandom;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.SourcingCondition;
import org.axonframework.messaging.core.MessageStream;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventhandling.processing.streaming.token.TrackingToken;
import org.axonframework.messaging.eventstreaming.EventCriteria;
import org.axonframework.messaging.eventstreaming.StreamingCondition;
import org.axonframework.messaging.eventstreaming.Tag;

/** Reads through the engine of Axon 5.0.1, up to whole messages whose payloads are bytes. */
final class Axon5Reads {

    private static final String COPY =
            """
            insert into "AggregateEventEntry"
                ("globalIndex", "aggregateIdentifier", "aggregateSequenceNumber", "aggregateType", "identifier", "metadata",
                "payload", "timestamp", "type", "version")
            select nextval('"aggregate-event-global-index-sequence"'), aggregate_id, aggregate_version - 1, aggregate_type,
                event_id::text, '{}'::bytea, data,
                to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), event_type, '1'
            from (select * from eda.events order by position) as stored""";

    private Axon5Reads() {}

    /** Reads everything in order, a page a call, again and again. */
    static Callers all(Connections connections, int pageSize) throws Exception {
        EventStorageEngine engine = engine(connections, 1);
        StoredHistory history = StoredHistory.found(connections);
        TrackingToken first = engine.firstToken(null).get();
        return () -> new Replay(() -> fromBeginning(engine, first), history, pageSize)::next;
    }

    private static Iterator<byte[]> fromBeginning(EventStorageEngine engine, TrackingToken first) {
        MessageStream<EventMessage> stream = engine.stream(StreamingCondition.startingFrom(first), null);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                boolean hasNext = stream.hasNextAvailable();
                if (!hasNext) {
                    // It waits for more otherwise.
                    stream.close();
                }
                return hasNext;
            }

            @Override
            public byte[] next() {
                return (byte[]) stream.next().orElseThrow().message().payload();
            }
        };
    }

    /** Reads one aggregate a call. */
    static Callers aggregates(Connections connections, int callers) throws Exception {
        EventStorageEngine engine = engine(connections, callers);
        StoredHistory history = StoredHistory.found(connections);
        return () -> {
            SplittableRandom random = new SplittableRandom();
            Operation operation = watch -> history.wholeAggregate(count(engine, history.anyAggregate(random)));
            return operation;
        };
    }

    private static int count(EventStorageEngine engine, String aggregateId) {
        Tag aggregate = Tag.of(SampleEvents.AGGREGATE_TYPE, aggregateId);
        MessageStream<EventMessage> stream =
                engine.source(SourcingCondition.conditionFor(EventCriteria.havingTags(aggregate)), null);
        int count = 0;
        while (stream.hasNextAvailable()) {
            // The last message is no event: it carries the version for the next append.
            if (stream.next().orElseThrow().message().payload() instanceof byte[] data) {
                Replay.requireWhole(data);
                count++;
            }
        }
        return count;
    }

    /** The first who reads has Axon's tables made, and a copy of what is stored, in the same order. */
    private static EventStorageEngine engine(Connections connections, int pool) throws SQLException {
        EventStorageEngine engine = Axon5Engine.engine(connections, pool);
        if (connections.ask("select count(*) from \"AggregateEventEntry\"").equals("0")) {
            connections.execute(COPY);
            connections.execute("vacuum analyze \"AggregateEventEntry\"");
            connections.execute("checkpoint");
        }
        return engine;
    }
}
