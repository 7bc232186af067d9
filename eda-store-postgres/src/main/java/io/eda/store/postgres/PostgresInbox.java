package io.eda.store.postgres;

import io.eda.event.Event;
import io.eda.store.EventStorageException;
import io.eda.store.postgres.Connections.Session;
import io.eda.store.postgres.PostgresOptions.SchemaManagement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles each event once, whose effect is a write in this database: the memory of the event is part of the same transaction.
 *
 * <pre>
 *   EventHandler reserve = EventHandler.on(OrderCreated.class, event -&gt;
 *           inbox.handle("inventory", event, connection -&gt; stock.reserve(connection, event.data())));
 * </pre>
 *
 * <ul>
 *   <li><b>Exactly once.</b> The effect and the memory of the event commit together or not at all, whatever crashes.
 *   <li><b>One at a time.</b> A delivery that comes while another one's transaction is open waits for its end, but not longer
 *       than the statement timeout; then it fails, and comes again.
 *   <li><b>Remembered</b> for the retention, at least, after it was handled; then forgotten by whole days.
 * </ul>
 *
 * <p>Wants a {@code DataSource} with autocommit on, and holds nothing between calls. Thread-safe.
 */
public final class PostgresInbox {

    private static final Logger log = LoggerFactory.getLogger(PostgresInbox.class);

    private static final Duration DEFAULT_RETENTION = Duration.ofDays(7);
    private static final Duration LONGEST_RETENTION = Duration.ofDays(366);
    private static final long BETWEEN_MAINTENANCE = Duration.ofHours(1).toNanos();

    // What a PostgreSQL date can hold and people can read; the day must be the same for every delivery, and no more.
    private static final LocalDate FIRST_DAY = LocalDate.of(1, 1, 1);
    private static final LocalDate LAST_DAY = LocalDate.of(9999, 12, 31);

    private final Connections connections;
    private final InboxPartitions partitions;
    private final String schema;
    private final String rememberSql;
    private final boolean isMaintainedInPassing;
    private final AtomicLong maintainedAt = new AtomicLong(System.nanoTime());

    private PostgresInbox(Connections connections, InboxPartitions partitions, PostgresOptions options) {
        this.connections = connections;
        this.partitions = partitions;
        this.schema = options.schema();
        this.rememberSql = SqlFile.read("statement/remember_event.sql", options.schema());
        this.isMaintainedInPassing = options.schemaManagement() == SchemaManagement.CREATE;
    }

    /** Opens the inbox with the defaults: events are remembered for 7 days. */
    public static PostgresInbox create(DataSource dataSource) {
        return create(dataSource, PostgresOptions.defaults(), DEFAULT_RETENTION);
    }

    /**
     * Opens the inbox; creates its table and partitions where they are missing, which any number of processes may do at once.
     *
     * @param retention how long an event is remembered after it was handled, 1 second to 366 days: longer than it can take
     *     to come again
     * @throws EventStorageException if the server cannot be reached or is not fit: the message says what to change
     */
    public static PostgresInbox create(DataSource dataSource, PostgresOptions options, Duration retention) {
        if (retention.compareTo(Duration.ofSeconds(1)) < 0 || retention.compareTo(LONGEST_RETENTION) > 0) {
            throw new IllegalArgumentException("Handled events are to be remembered for " + retention
                    + ": use 1 second to 366 days, and longer than an event can take to come again");
        }
        Connections connections = new Connections(dataSource, options.statementTimeout());
        new EventSchema(connections, options).install(EventSchema.INBOX);
        var partitions = new InboxPartitions(connections, options.schema(), retention);
        PostgresInbox inbox = new PostgresInbox(connections, partitions, options);
        inbox.maintainIfPossible();
        return inbox;
    }

    /**
     * Does {@code work} for {@code event}, unless {@code group} has handled it.
     *
     * @param group whose work it is: each group handles every event once
     * @param work the effect, written with the connection that it gets; it cannot end the transaction
     * @return whether it was done now; false where the event had been handled before
     * @throws EventStorageException if the storage failed: the event may have been handled or not, and must come again
     * @throws Exception what {@code work} threw; nothing has happened, and the event must come again
     */
    public boolean handle(String group, Event<?> event, Work work) throws Exception {
        boolean isNew;
        try (CheckpointTransaction transaction = CheckpointTransaction.begin(
                connections, "Handling event " + event.eventId() + " for '" + group + "'")) {
            isNew = transaction.run(session -> remember(session, group, event));
            if (isNew) {
                work.run(WorkConnection.of(transaction.run(PostgresInbox::forWork)));
                // A crash here rolls both back, one after it finds both done: there is no moment in between.
                transaction.commit();
            }
        }
        maintainIfDue();
        return isNew;
    }

    /**
     * Makes partitions for the days to come and forgets what is over. {@link #handle} does so once an hour, in passing, unless
     * the schema is only validated; then, or where its role may not create tables, let their owner call this every day. Any number of processes may do so at once.
     *
     * @throws EventStorageException if the server refuses; events go into the default partition until it is done
     */
    public void maintain() {
        maintainedAt.set(System.nanoTime());
        partitions.maintain();
    }

    private boolean remember(Session session, String group, Event<?> event) throws SQLException {
        try (PreparedStatement statement = session.prepare(rememberSql)) {
            statement.setObject(1, event.eventId());
            statement.setString(2, group);
            statement.setObject(3, dayOf(event.timestamp()));
            return statement.executeUpdate() == 1;
        }
    }

    private static LocalDate dayOf(Instant timestamp) {
        if (timestamp.isBefore(FIRST_DAY.atStartOfDay().toInstant(ZoneOffset.UTC))) {
            return FIRST_DAY;
        }
        boolean isTooLate = !timestamp.isBefore(LAST_DAY.atStartOfDay().toInstant(ZoneOffset.UTC));
        return isTooLate ? LAST_DAY : LocalDate.ofInstant(timestamp, ZoneOffset.UTC);
    }

    /** How long the statements of a work may take is not ours to limit. */
    private static Connection forWork(Session session) throws SQLException {
        session.connection().setNetworkTimeout(Runnable::run, session.networkTimeoutBefore());
        return session.connection();
    }

    private void maintainIfDue() {
        long last = maintainedAt.get();
        long now = System.nanoTime();
        if (now - last > BETWEEN_MAINTENANCE && maintainedAt.compareAndSet(last, now)) {
            maintainIfPossible();
        }
    }

    private void maintainIfPossible() {
        if (!isMaintainedInPassing) {
            return;
        }
        try {
            partitions.maintain();
        } catch (EventStorageException e) {
            // The event is handled, and the default partition takes the days that have none.
            log.atWarn()
                    .addKeyValue("schema", schema)
                    .log(
                            "The partitions of the inbox could not be looked after: {} Let a role that owns the table call"
                                    + " maintain().",
                            e.getMessage());
        }
    }

    /** The effect of an event. */
    @FunctionalInterface
    public interface Work {

        /** Writes it with {@code connection}, whose transaction is committed when this returns and rolled back when it throws. */
        void run(Connection connection) throws Exception;
    }
}
