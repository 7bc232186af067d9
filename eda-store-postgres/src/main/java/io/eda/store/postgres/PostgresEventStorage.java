package io.eda.store.postgres;

import io.eda.event.AggregateId;
import io.eda.event.EventRecord;
import io.eda.store.Append;
import io.eda.store.AppendResult;
import io.eda.store.EventFilter;
import io.eda.store.EventPage;
import io.eda.store.EventStorage;
import io.eda.store.StoredEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;

/**
 * The history in one PostgreSQL table, with all promises of {@link EventStorage}.
 *
 * <ul>
 *   <li><b>One round trip an append, or less</b>: what waits at the same time travels in one statement, which commits by
 *       itself. A lone append waits for nobody. No other table, trigger or counter is written.
 *   <li><b>Never skipped, whoever writes</b>: rows that psql, {@code COPY} or another program inserts are followed like any
 *       other. A transaction that has inserted and stays open holds back {@link #readAll}, and nobody's append.
 *   <li><b>Exact after a lost connection</b>: within the deadline it is found out whether the events were stored.
 *   <li><b>As durable as the server</b>: with {@code synchronous_commit} or {@code fsync} off, a crash of the server may
 *       take back what was acknowledged and read.
 * </ul>
 *
 * <p>Wants a {@code DataSource} of connections to the primary with autocommit on. It borrows one connection for each
 * statement and holds none in between. Closing waits for the appends under way; the {@code DataSource} stays the caller's.
 * Thread-safe. It is not made for databases that only
 * speak PostgreSQL's protocol: they have neither its locks nor its sequences.
 */
public final class PostgresEventStorage implements EventStorage, AutoCloseable {

    private final Connections connections;
    private final PostgresOptions options;
    private final EventAppender appender;
    private final AppendLanes lanes;
    private final VisiblePosition visible;
    private final EventReader reader;
    private final String writersSql;

    private PostgresEventStorage(Connections connections, PostgresOptions options) {
        this.connections = connections;
        this.options = options;
        this.visible = new VisiblePosition(connections, options);
        this.appender = new EventAppender(connections, options);
        this.lanes = new AppendLanes(appender, new BatchAppender(connections, options), options, visible::signalAppend);
        this.reader = new EventReader(connections, visible, options);
        this.writersSql = SqlFile.read("statement/writers.sql", options.schema());
    }

    /** Opens the storage with the defaults. */
    public static PostgresEventStorage create(DataSource dataSource) {
        return create(dataSource, PostgresOptions.defaults());
    }

    /**
     * Opens the storage; creates its tables where they are missing, which any number of processes may do at once.
     *
     * @throws io.eda.store.EventStorageException if the server cannot be reached, or cannot keep the promises: the message
     *     says what to change
     */
    public static PostgresEventStorage create(DataSource dataSource, PostgresOptions options) {
        Connections connections = new Connections(dataSource, options.statementTimeout());
        EventSchema schema = new EventSchema(connections, options.schema());
        schema.install(EventSchema.EVENTS);
        schema.checkEvents();
        return new PostgresEventStorage(connections, options);
    }

    @Override
    public AppendResult append(Append append) {
        return lanes.append(append);
    }

    @Override
    public CompletableFuture<AppendResult> appendAsync(Append append) {
        return lanes.appendAsync(append);
    }

    /**
     * Returns this storage with appends that happen in the transaction of {@code connection}: a service that keeps its state
     * in tables of the same database gets its events stored exactly when that state is.
     *
     * <p>Append last, right before the commit: from the append on, the open transaction holds readers of all events back.
     * After any exception the transaction is to be rolled back. The transaction is the caller's, and so is the connection;
     * use what is returned as long as it is open, from its thread.
     */
    public EventStorage joining(Connection connection) {
        return new JoinedStorage(this, append -> appender.appendIn(connection, append));
    }

    @Override
    public List<StoredEvent<EventRecord>> readAggregate(AggregateId aggregateId, long fromVersion, int limit) {
        return reader.readAggregate(aggregateId, fromVersion, limit);
    }

    /**
     * {@inheritDoc}
     *
     * <p>With a filter, a page may end before the limit and before the end, so that no read runs for longer than some ten
     * thousand rows.
     */
    @Override
    public EventPage readAll(long afterPosition, EventFilter filter, int limit) {
        return reader.readAll(afterPosition, filter, limit);
    }

    @Override
    public long awaitVisible(long position, Duration timeout) throws InterruptedException {
        return visible.await(position, timeout);
    }

    /** Returns who has written and not committed yet, the oldest first: what holds readers back. */
    List<OpenWriter> openWriters() {
        return connections.call("Asking who writes to the event table", session -> {
            try (PreparedStatement statement = session.prepare(writersSql);
                    ResultSet rows = statement.executeQuery()) {
                List<OpenWriter> writers = new ArrayList<>();
                while (rows.next()) {
                    writers.add(new OpenWriter(
                            rows.getString(1),
                            rows.getInt(2),
                            Duration.ofMillis(rows.getLong(3)),
                            rows.getString(4),
                            rows.getString(5),
                            rows.getString(6)));
                }
                return writers;
            }
        });
    }

    Connections connections() {
        return connections;
    }

    PostgresOptions options() {
        return options;
    }

    /** Refuses further appends, and waits until those that were accepted have their answers. Readers may go on. */
    @Override
    public void close() {
        lanes.close();
    }
}
