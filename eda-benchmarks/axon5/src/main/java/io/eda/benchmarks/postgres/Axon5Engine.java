package io.eda.benchmarks.postgres;

import io.eda.benchmarks.harness.Operation;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.axonframework.eventsourcing.eventstore.AppendCondition;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine.AppendTransaction;
import org.axonframework.eventsourcing.eventstore.GenericTaggedEventMessage;
import org.axonframework.eventsourcing.eventstore.TaggedEventMessage;
import org.axonframework.eventsourcing.eventstore.jpa.AggregateBasedJpaEventStorageEngine;
import org.axonframework.messaging.core.MessageType;
import org.axonframework.messaging.eventhandling.GenericEventMessage;
import org.axonframework.messaging.eventhandling.conversion.DelegatingEventConverter;
import org.axonframework.messaging.eventstreaming.EventCriteria;
import org.axonframework.messaging.eventstreaming.Tag;

/**
 * Axon Framework 5.0.1 on its JPA engine, called as Axon's own event store calls it: a transaction that appends under a condition,
 * and commits. Nothing of Axon above the engine takes part, and a converter that has nothing to do spares it that work as well.
 */
final class Axon5Engine {

    private static final MessageType TYPE = new MessageType(SampleEvents.EVENT_TYPE, "1");

    private Axon5Engine() {}

    /** Appends with tables, a pool and an engine of its own; each call of an operation is one append to a new aggregate. */
    static Callers open(Connections connections, int eventsPerAppend) throws SQLException {
        EventStorageEngine engine = engine(connections, Axon5Store.CONNECTIONS);
        return () -> caller(engine, eventsPerAppend);
    }

    /** Returns the engine with its defaults over a pool of this many connections. */
    static EventStorageEngine engine(Connections connections, int pool) throws SQLException {
        JpaTransactions jpa = JpaTransactions.open(connections, pool);
        AggregateBasedJpaEventStorageEngine engine = new AggregateBasedJpaEventStorageEngine(
                jpa, jpa, new DelegatingEventConverter(PassThroughConverter.INSTANCE), UnaryOperator.identity());
        connections.closeLater(engine::close);
        return engine;
    }

    private static Operation caller(EventStorageEngine engine, int eventsPerAppend) {
        SampleEvents sample = new SampleEvents();
        return watch -> {
            Tag aggregate = Tag.of(SampleEvents.AGGREGATE_TYPE, sample.id().toString());
            // Of an aggregate that has no events, since the condition begins at the origin.
            AppendCondition condition = AppendCondition.withCriteria(EventCriteria.havingTags(aggregate));
            commit(engine.appendEvents(condition, null, events(sample, aggregate, eventsPerAppend))
                    .get());
            return eventsPerAppend;
        };
    }

    private static <R> void commit(AppendTransaction<R> transaction) throws Exception {
        R marker = transaction.commit(null).get();
        transaction.afterCommit(marker, null).get();
    }

    private static List<TaggedEventMessage<?>> events(SampleEvents sample, Tag aggregate, int count) {
        List<TaggedEventMessage<?>> events = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            GenericEventMessage event =
                    new GenericEventMessage(sample.id().toString(), TYPE, sample.payload(), Map.of(), sample.now());
            events.add(new GenericTaggedEventMessage<>(event, Set.of(aggregate)));
        }
        return events;
    }
}
