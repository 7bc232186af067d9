package io.eda.benchmarks.postgres;

import io.eda.benchmarks.harness.Operation;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.jdbc.DataSourceConnectionProvider;
import org.axonframework.common.jdbc.UnitOfWorkAwareConnectionProviderWrapper;
import org.axonframework.common.transaction.NoTransactionManager;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.axonframework.eventsourcing.eventstore.jdbc.PostgresEventTableFactory;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.MetaData;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.serialization.Serializer;

/**
 * Axon Framework 4.13 on its JDBC engine, called as Axon's own event store calls it: within a unit of work that holds the
 * connection and commits it. Nothing of Axon above the engine takes part, and a serializer that has nothing to do spares it
 * that work as well.
 */
final class Axon4Store implements AppendSystem {

    static final int CONNECTIONS = 64;

    @Override
    public String name() {
        return "axon-4.13-jdbc";
    }

    @Override
    public String settings() {
        return "JdbcEventStorageEngine 4.13.0 with PostgresEventTableFactory and its indexes, payload and metadata bytea, one"
                + " unit of work an append, UnitOfWorkAwareConnectionProviderWrapper over a pool of " + CONNECTIONS
                + " with autocommit off, pass-through serializer, ids in the order of time";
    }

    @Override
    public String payloadColumn() {
        return "domainevententry.payload";
    }

    @Override
    public Callers open(Connections connections, int eventsPerAppend) {
        JdbcEventStorageEngine engine = engine(connections.pool(CONNECTIONS, false), new PassThroughSerializer());
        return () -> caller(engine, eventsPerAppend);
    }

    private static Operation caller(JdbcEventStorageEngine engine, int eventsPerAppend) {
        SampleEvents sample = new SampleEvents();
        return watch -> {
            List<DomainEventMessage<byte[]>> events = events(sample, eventsPerAppend);
            unitOfWork(() -> engine.appendEvents(events));
            return eventsPerAppend;
        };
    }

    private static List<DomainEventMessage<byte[]>> events(SampleEvents sample, int count) {
        String aggregateId = sample.id().toString();
        List<DomainEventMessage<byte[]>> events = new ArrayList<>(count);
        for (int sequenceNumber = 0; sequenceNumber < count; sequenceNumber++) {
            events.add(new GenericDomainEventMessage<>(
                    SampleEvents.AGGREGATE_TYPE,
                    aggregateId,
                    sequenceNumber,
                    sample.payload(),
                    MetaData.emptyInstance(),
                    sample.id().toString(),
                    sample.now()));
        }
        return events;
    }

    /** Returns the engine over a pool without autocommit, with its tables made; its caller runs it in units of work. */
    static JdbcEventStorageEngine engine(DataSource pool, Serializer serializer) {
        JdbcEventStorageEngine engine = engineOver(pool, serializer);
        unitOfWork(() -> engine.createSchema(PostgresEventTableFactory.INSTANCE));
        return engine;
    }

    /** Returns the engine over tables that are there. */
    static JdbcEventStorageEngine engineOver(DataSource pool, Serializer serializer) {
        ConnectionProvider connections =
                new UnitOfWorkAwareConnectionProviderWrapper(new DataSourceConnectionProvider(pool));
        return JdbcEventStorageEngine.builder()
                .connectionProvider(connections)
                // The unit of work commits.
                .transactionManager(NoTransactionManager.INSTANCE)
                .eventSerializer(serializer)
                .snapshotSerializer(serializer)
                .dataType(byte[].class)
                .build();
    }

    /** Rolls back and throws what {@code task} threw. */
    private static void unitOfWork(Runnable task) {
        new DefaultUnitOfWork<Message<?>>(null).execute(task);
    }
}
