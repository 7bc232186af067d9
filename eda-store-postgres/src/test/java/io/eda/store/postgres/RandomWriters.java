package io.eda.store.postgres;

import io.eda.event.AggregateId;
import io.eda.store.Append;
import io.eda.store.AppendOutcomeUnknownException;
import io.eda.store.AppendResult;
import io.eda.store.ConcurrencyConflictException;
import io.eda.store.EventStorageException;
import io.eda.store.ExpectedVersion;
import io.eda.store.NewEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Writers that do at random all that writers do: append, race, hesitate, go back, give up. Stop them by closing. */
final class RandomWriters implements AutoCloseable {

    private final PostgresEventStorage storage;
    private final DataSource dataSource;
    private final PostgresOptions options;
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final List<Thread> threads = new ArrayList<>();
    private final Queue<UUID> acknowledged = new ConcurrentLinkedQueue<>();
    private final Queue<UUID> unknown = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> surprises = new ConcurrentLinkedQueue<>();
    private final Queue<List<UUID>> attempted = new ConcurrentLinkedQueue<>();
    private final AtomicInteger rawCommits = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();

    RandomWriters(PostgresEventStorage storage, DataSource dataSource, PostgresOptions options) {
        this.storage = storage;
        this.dataSource = dataSource;
        this.options = options;
    }

    /** Starts writers that append through the storage, and writers that use SQL in long transactions. */
    RandomWriters start(int appenders, int others) {
        start("appender", appenders, (name, random) -> append(random));
        return start("writer", others, this::writeRaw);
    }

    /** Starts writers that append in transactions of their own, and writers that use {@code COPY}. */
    RandomWriters startJoinedAndCopying(int joined, int copying) {
        start("joined", joined, (name, random) -> appendJoined(random));
        return start("copy", copying, this::copy);
    }

    /** Starts transactions that write to other tables, read for long, or do nothing for a while. */
    RandomWriters startForeign(int count) {
        return start("foreign", count, (name, random) -> writeElsewhere(random));
    }

    private interface Step {
        void run(String name, Random random) throws SQLException, IOException;
    }

    private RandomWriters start(String kind, int count, Step step) {
        for (int i = 0; i < count; i++) {
            Random random = new Random(threads.size());
            String name = kind + " " + UUID.randomUUID().toString().substring(0, 8);
            Thread thread = new Thread(() -> loop(name, random, step), name);
            threads.add(thread);
            thread.start();
        }
        return this;
    }

    private void loop(String name, Random random, Step step) {
        while (!isOver.get()) {
            try {
                step.run(name, random);
            } catch (EventStorageException | SQLException | IOException e) {
                // Expected where the server is killed; whoever expects none looks at the count.
                failures.incrementAndGet();
                LockSupport.parkNanos(20_000_000);
            } catch (Throwable e) {
                surprises.add(e);
                return;
            }
        }
    }

    private void appendJoined(Random random) throws SQLException {
        Append append = Events.append("joined " + random.nextInt(20), ExpectedVersion.any(), 1 + random.nextInt(5));
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                attempted.add(ids(append));
                storage.joining(connection).append(append);
                pause(random);
                if (random.nextInt(5) == 0) {
                    connection.rollback();
                } else {
                    connection.commit();
                    acknowledged.addAll(ids(append));
                }
            } catch (ConcurrencyConflictException e) {
                connection.rollback();
            } finally {
                connection.setAutoCommit(true);
            }
        }
    }

    private void copy(String name, Random random) throws SQLException, IOException {
        try (RawWriter writer = new RawWriter(dataSource, options)) {
            long version = writer.version(name);
            List<UUID> ids = new ArrayList<>();
            CopyIn copy = writer.connection()
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("copy \"" + options.schema() + "\".events " + RawWriter.COLUMNS + " from stdin");
            for (int i = 1 + random.nextInt(20); i > 0; i--) {
                ids.add(UUID.randomUUID());
                byte[] row = ("order\t" + name + "\t" + (version + ids.size()) + "\t" + ids.get(ids.size() - 1)
                                + "\tthing.happened\t1\t2026-11-02 10:00:00Z\tc\tc\t\\\\x00\n")
                        .getBytes(StandardCharsets.UTF_8);
                copy.writeToCopy(row, 0, row.length);
            }
            attempted.add(ids);
            copy.endCopy();
            pause(random);
            writer.commit();
            acknowledged.addAll(ids);
        }
    }

    private void writeElsewhere(Random random) throws SQLException {
        try (RawWriter writer = new RawWriter(dataSource, options)) {
            writer.execute("create table if not exists foreign_work (n int)");
            writer.execute("insert into foreign_work values (1)");
            writer.execute("select count(*) from \"" + options.schema() + "\".events where position < 1000");
            LockSupport.parkNanos(1_000_000L * random.nextInt(500));
            writer.commit();
        }
    }

    private static List<UUID> ids(Append append) {
        return append.events().stream().map(NewEvent::eventId).toList();
    }

    private void append(Random random) {
        AggregateId id = AggregateId.of("order", "shared " + random.nextInt(20));
        ExpectedVersion expected = random.nextBoolean()
                ? ExpectedVersion.any()
                : ExpectedVersion.exactly(storage.readAggregate(id, 1, 10_000).size());
        Append append = new Append(
                id,
                expected,
                Events.append("x", expected, 1 + random.nextInt(5)).events());
        attempted.add(ids(append));
        try {
            AppendResult result = storage.append(append);
            if (result.lastVersion() < append.events().size()) {
                throw new AssertionError(append + " ended at " + result);
            }
            acknowledged.addAll(ids(append));
        } catch (ConcurrencyConflictException e) {
            // Another writer was first: the next round decides anew.
            LockSupport.parkNanos(random.nextInt(100_000));
        } catch (AppendOutcomeUnknownException e) {
            unknown.addAll(ids(append));
            throw e;
        }
    }

    /** Writes versions of an aggregate of its own, with pauses, savepoints and changes of mind. */
    private void writeRaw(String name, Random random) throws SQLException {
        try (RawWriter writer = new RawWriter(dataSource, options)) {
            if (random.nextInt(4) == 0) {
                writer.execute("select pg_current_xact_id()");
                pause(random);
            }
            long next = writer.version(name);
            for (int i = random.nextInt(3); i >= 0; i--) {
                Savepoint savepoint = writer.connection().setSavepoint();
                int count = 1 + random.nextInt(3);
                writer.insert(name, next + 1, next + count);
                pause(random);
                if (random.nextInt(4) == 0) {
                    writer.connection().rollback(savepoint);
                } else {
                    next += count;
                }
            }
            if (random.nextInt(5) == 0) {
                writer.rollback();
                return;
            }
            writer.commit();
            rawCommits.incrementAndGet();
        }
    }

    private static void pause(Random random) {
        // Mostly short, at times so long that hundreds of others overtake.
        LockSupport.parkNanos(random.nextInt(20) == 0 ? 200_000_000 : random.nextInt(2_000_000));
    }

    /** Returns the ids of the events whose append returned. */
    Queue<UUID> acknowledged() {
        return acknowledged;
    }

    /** Returns the ids of the events of which their writer was told that nobody knows. */
    Queue<UUID> unknown() {
        return unknown;
    }

    /** Returns the ids of each append that was tried: of each, all events are there or none. */
    Queue<List<UUID>> attempted() {
        return attempted;
    }

    Queue<Throwable> surprises() {
        return surprises;
    }

    int rawCommits() {
        return rawCommits.get();
    }

    int failures() {
        return failures.get();
    }

    @Override
    public void close() throws InterruptedException {
        isOver.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
