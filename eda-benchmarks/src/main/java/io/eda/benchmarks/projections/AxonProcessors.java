package io.eda.benchmarks.projections;

import com.zaxxer.hikari.HikariDataSource;
import io.eda.benchmarks.postgres.PassThroughSerializer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.jdbc.DataSourceConnectionProvider;
import org.axonframework.common.jdbc.UnitOfWorkAwareConnectionProviderWrapper;
import org.axonframework.common.transaction.NoTransactionManager;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessageHandler;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.SimpleEventHandlerInvoker;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.axonframework.eventhandling.TrackingEventProcessor;
import org.axonframework.eventhandling.TrackingEventProcessorConfiguration;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.inmemory.InMemoryTokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.PostgresTokenTableFactory;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.axonframework.eventsourcing.eventstore.jdbc.PostgresEventTableFactory;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.MetaData;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.serialization.json.JacksonSerializer;
import org.jspecify.annotations.Nullable;

/** Axon Framework 4.13: its event processors over its JDBC engine, one upsert an event in the unit of work of the batch. */
final class AxonProcessors implements AutoCloseable {

    private static final long LOOK_NANOS = 1_000_000;

    private final HikariDataSource pool;
    private final ConnectionProvider connections;
    private final JdbcEventStorageEngine engine;
    private final EmbeddedEventStore store;
    private final TokenStore tokens;
    private final AtomicLong handled = new AtomicLong();
    private final Map<String, Thread> waiters = new ConcurrentHashMap<>();
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(4);
    private @Nullable StreamingEventProcessor processor;

    /** Where a processor keeps its place. */
    enum Tokens {
        /** In a table beside the rows, in the transaction that writes them: what its guide recommends, and what the others do. */
        BESIDE_THE_ROWS,
        /** Nowhere: no update, and no place to go on from after a restart. */
        IN_MEMORY
    }

    AxonProcessors(HikariDataSource pool, Tokens tokens) {
        this.pool = pool;
        this.connections = new UnitOfWorkAwareConnectionProviderWrapper(new DataSourceConnectionProvider(pool));
        PassThroughSerializer serializer = new PassThroughSerializer();
        this.engine = JdbcEventStorageEngine.builder()
                .connectionProvider(connections)
                .transactionManager(NoTransactionManager.INSTANCE)
                .eventSerializer(serializer)
                .snapshotSerializer(serializer)
                .dataType(byte[].class)
                .batchSize(500)
                .build();
        this.store = EmbeddedEventStore.builder().storageEngine(engine).build();
        this.tokens = tokens == Tokens.IN_MEMORY ? new InMemoryTokenStore() : storedTokens();
        unitOfWork(() -> engine.createSchema(PostgresEventTableFactory.INSTANCE));
    }

    private TokenStore storedTokens() {
        JdbcTokenStore stored = JdbcTokenStore.builder()
                .connectionProvider(this::tokenConnection)
                .serializer(JacksonSerializer.defaultSerializer())
                .contentType(byte[].class)
                .build();
        stored.createSchema(PostgresTokenTableFactory.INSTANCE);
        return stored;
    }

    // A claim commits by itself, a moved token with the rows of its batch.
    private Connection tokenConnection() throws SQLException {
        Connection connection = connections.getConnection();
        if (!CurrentUnitOfWork.isStarted()) {
            connection.setAutoCommit(true);
        }
        return connection;
    }

    AxonProcessors pooled(int batch) {
        processor = PooledStreamingEventProcessor.builder()
                .name("totals")
                .eventHandlerInvoker(invoker())
                .messageSource(store)
                .tokenStore(tokens)
                .transactionManager(NoTransactionManager.INSTANCE)
                .coordinatorExecutor(threads)
                .workerExecutor(threads)
                .batchSize(batch)
                .build();
        processor.start();
        return this;
    }

    AxonProcessors tracking() {
        processor = TrackingEventProcessor.builder()
                .name("totals")
                .eventHandlerInvoker(invoker())
                .messageSource(store)
                .tokenStore(tokens)
                .transactionManager(NoTransactionManager.INSTANCE)
                .trackingEventProcessorConfiguration(TrackingEventProcessorConfiguration.forSingleThreadedProcessing()
                        .andInitialTrackingToken(source -> source.createHeadToken()))
                .build();
        processor.start();
        // What is published before it has its place at the head is never handled.
        while (processor.processingStatus().isEmpty()) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return this;
    }

    /** Publishes an event as a command handler does, in a unit of work. */
    void publish(String aggregateId, byte[] payload) {
        DomainEventMessage<byte[]> event =
                new GenericDomainEventMessage<>("order", aggregateId, 0, payload, MetaData.emptyInstance());
        waiters.put(aggregateId, Thread.currentThread());
        unitOfWork(() -> store.publish(event));
    }

    /** Waits until the row of what this thread published is there. */
    void awaitRow(String aggregateId, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (waiters.containsKey(aggregateId)) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("The row of " + aggregateId + " was not there after " + patience);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** Returns how many events are in the table. */
    long handled() {
        return handled.get();
    }

    private SimpleEventHandlerInvoker invoker() {
        EventMessageHandler handler = event -> {
            DomainEventMessage<?> domain = (DomainEventMessage<?>) event;
            Connection connection = connections.getConnection();
            try (PreparedStatement upsert = connection.prepareStatement(Stage.UPSERT)) {
                upsert.setString(1, domain.getAggregateIdentifier());
                upsert.setLong(
                        2, OrderPlaced.decode((byte[]) event.getPayload()).totalCents());
                upsert.executeUpdate();
            }
            String id = domain.getAggregateIdentifier();
            CurrentUnitOfWork.get().afterCommit(done -> {
                handled.incrementAndGet();
                Thread waiting = waiters.remove(id);
                if (waiting != null) {
                    LockSupport.unpark(waiting);
                }
            });
            return event;
        };
        return SimpleEventHandlerInvoker.builder()
                .eventHandlers(List.of(handler))
                .build();
    }

    private static void unitOfWork(Runnable task) {
        new DefaultUnitOfWork<Message<?>>(null).execute(task);
    }

    @Override
    public void close() {
        if (processor != null) {
            processor.shutDown();
        }
        threads.shutdownNow();
        store.shutDown();
        pool.close();
    }
}
