package io.eda.store.postgres;

import io.eda.event.AggregateId;
import io.eda.event.EventRecord;
import io.eda.store.Append;
import io.eda.store.AppendResult;
import io.eda.store.EventFilter;
import io.eda.store.EventPage;
import io.eda.store.EventStorage;
import io.eda.store.StoredEvent;
import io.eda.telemetry.Gauges;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

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
 * statement, and holds one in between only while somebody waits for events: see {@link PostgresOptions#wakeUps}. Closing waits for the appends under way; the {@code DataSource} stays the caller's.
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
    private final ReadAhead ahead;
    private final EventPages pages;
    private final OpenWriters writers;
    private final WakeUps wakeUps;
    private volatile @Nullable Gauges gauges;

    /**
     * A transaction that has written to the event table and not ended: readers see nothing behind the oldest of these.
     *
     * @param transaction its virtual transaction id
     * @param pid its server process, 0 for a prepared transaction
     * @param age how long ago it began, zero where the role may not see it
     * @param state what its session does, such as {@code idle in transaction}
     * @param application the session's application name
     * @param query its last statement
     */
    public record OpenWriter(
            String transaction, int pid, Duration age, String state, String application, String query) {}

    private PostgresEventStorage(Connections connections, PostgresOptions options) {
        this.connections = connections;
        this.options = options;
        this.visible = new VisiblePosition(connections, options);
        this.wakeUps = new WakeUps(connections, options, visible::signalAppend);
        this.appender = new EventAppender(connections, options);
        this.lanes = new AppendLanes(appender, new BatchAppender(connections, options), options, this::appended);
        this.reader = new EventReader(connections, options);
        this.ahead = new ReadAhead(reader, options.statementTimeout());
        this.pages = new EventPages(visible, new RecentEvents(reader, options.recentBytes()), ahead);
        this.writers = new OpenWriters(connections, options);
    }

    /** Opens the storage with the defaults. */
    public static PostgresEventStorage create(DataSource dataSource) {
        return create(dataSource, PostgresOptions.defaults());
    }

    /**
     * Opens the storage; creates its tables where they are missing, which any number of processes may do at once, or checks
     * them: see {@link PostgresOptions.SchemaManagement}.
     *
     * @throws io.eda.store.EventStorageException if the server cannot be reached, or cannot keep the promises: the message
     *     says what to change
     */
    public static PostgresEventStorage create(DataSource dataSource, PostgresOptions options) {
        Connections connections = new Connections(dataSource, options.statementTimeout());
        connections.lookForProxy();
        EventSchema schema = new EventSchema(connections, options);
        schema.install(EventSchema.EVENTS);
        schema.checkEvents();
        return new PostgresEventStorage(connections, options);
    }

    /**
     * Returns the scripts that make all tables of this module in the schema {@code schema}, under the names of their files and
     * in the order in which they are to be applied, for teams whose migrations another tool applies. A script never changes;
     * a newer version may have more of them, at the end.
     */
    public static Map<String, String> schemaScripts(String schema) {
        return SchemaScripts.of(PostgresOptions.defaults().withSchema(schema).schema());
    }

    /**
     * Registers, until this is closed, what readers may have to wait for, and what the lanes do: {@code eda.store.readers.held}, {@code
     * eda.store.readers.lag}, {@code eda.store.writers.awaited}, {@code eda.store.position.visible}, {@code eda.store.append.batch} and {@code
     * eda.store.append.waiting}. Gauges tell what was seen last, and ask nobody.
     *
     * @throws IllegalStateException if it is bound already
     */
    public synchronized void bindTo(MeterRegistry registry) {
        if (gauges != null) {
            throw new IllegalStateException(
                    "This storage is bound already: to several registries it is bound as to one, a CompositeMeterRegistry");
        }
        Tags schema = Tags.of("schema", options.schema());
        lanes.measureBatches(DistributionSummary.builder("eda.store.append.batch")
                .description("How many appends shared a statement")
                .baseUnit("appends")
                .tags(schema)
                .register(registry));
        gauges = new Gauges(registry, schema)
                .add("eda.store.append.waiting", "appends", "Appends accepted and not answered", lanes::waiting)
                .add(
                        "eda.store.readers.held",
                        "seconds",
                        "How long readers have stood behind a committed event, because of a transaction that goes on",
                        () -> visible.known().age().toMillis() / 1_000.0)
                .add(
                        "eda.store.readers.lag",
                        "events",
                        "Positions between the last committed event and what can be read",
                        () -> visible.known().lag())
                .add(
                        "eda.store.writers.awaited",
                        "How many transactions that write events readers wait for",
                        () -> visible.known().writers())
                .add("eda.store.position.visible", "The position up to which events can be read", () -> visible.known()
                        .safe());
    }

    private void appended() {
        visible.signalAppend();
        wakeUps.tell();
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
        check(limit);
        return reader.readAggregate(aggregateId, fromVersion, limit);
    }

    /**
     * {@inheritDoc}
     *
     * <p>A page may end before the limit and before the end: with a filter, so that no read runs for longer than some ten
     * thousand rows, and where events are large, see {@link PostgresOptions#maxPageBytes}.
     *
     * @throws io.eda.store.EventStorageException also if {@code afterPosition} lies behind the last event: the reader has
     *     seen events that the server has lost, and would skip those that come in their place
     */
    @Override
    public EventPage readAll(long afterPosition, EventFilter filter, int limit) {
        check(limit);
        return pages.read(afterPosition, filter, limit);
    }

    /** {@inheritDoc} Saves a round trip. */
    @Override
    public EventPage readVisible(long afterPosition, EventFilter filter, int limit) {
        check(limit);
        return pages.readKnown(afterPosition, filter, limit);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Fast where ids are in the order of time (UUIDv7), as {@code EventStore} makes them: a few milliseconds among
     * millions. Random ids are found as well, by reading the table, within the statement timeout.
     */
    @Override
    public Optional<StoredEvent<EventRecord>> findEvent(UUID eventId) {
        return reader.find(eventId);
    }

    /**
     * {@inheritDoc}
     *
     * <p>The server reads the stretch along the primary key and sends what is wanted alone: some two million positions a second, within the
     * statement timeout.
     */
    @Override
    public List<StoredEvent<EventRecord>> readConversation(
            String correlationId, long afterPosition, long toPosition, int limit) {
        check(limit);
        return reader.readConversation(correlationId, afterPosition, toPosition, limit);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Where other transactions hold the position back for long, they are named in the log; {@link #openWriters} tells them
     * at any time.
     */
    @Override
    public long awaitVisible(long position, Duration timeout) throws InterruptedException {
        long safe = timeout.isZero() ? visible.await(position, timeout) : awaitListening(position, timeout);
        if (safe < position) {
            writers.warnAbout(visible.known());
        }
        return safe;
    }

    private long awaitListening(long position, Duration timeout) throws InterruptedException {
        wakeUps.beginWaiting();
        try {
            return visible.await(position, timeout);
        } finally {
            wakeUps.endWaiting();
        }
    }

    /** Returns who has written and not committed yet, the oldest first: what holds readers back. */
    public List<OpenWriter> openWriters() {
        return writers.list();
    }

    private void check(int limit) {
        if (limit < 1 || limit > options.maxLimit()) {
            throw new IllegalArgumentException("A read asks for " + limit + " events: 1 to " + options.maxLimit()
                    + " are allowed, see PostgresOptions.maxLimit");
        }
    }

    Connections connections() {
        return connections;
    }

    PostgresOptions options() {
        return options;
    }

    /**
     * Refuses further appends, and waits until those that were accepted have their answers, and until no page is on its way that nobody has asked
     * for yet, for the time limit of a statement at most. Readers may go on.
     */
    @Override
    public void close() {
        Gauges registered = gauges;
        if (registered != null) {
            registered.close();
        }
        lanes.close();
        wakeUps.close();
        ahead.close();
    }
}
