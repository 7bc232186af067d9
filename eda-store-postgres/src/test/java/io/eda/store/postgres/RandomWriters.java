package io.eda.store.postgres;

import io.eda.event.AggregateId;
import io.eda.store.Append;
import io.eda.store.AppendOutcomeUnknownException;
import io.eda.store.AppendResult;
import io.eda.store.ConcurrencyConflictException;
import io.eda.store.EventStorage;
import io.eda.store.EventStorageException;
import io.eda.store.ExpectedVersion;
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

/** Writers that do at random all that writers do: append, race, hesitate, go back, give up. Stop them by closing. */
final class RandomWriters implements AutoCloseable {

    private final EventStorage storage;
    private final DataSource dataSource;
    private final PostgresOptions options;
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final List<Thread> threads = new ArrayList<>();
    private final Queue<UUID> acknowledged = new ConcurrentLinkedQueue<>();
    private final Queue<UUID> unknown = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> surprises = new ConcurrentLinkedQueue<>();
    private final AtomicInteger rawCommits = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();

    RandomWriters(EventStorage storage, DataSource dataSource, PostgresOptions options) {
        this.storage = storage;
        this.dataSource = dataSource;
        this.options = options;
    }

    /** Starts writers that append through the storage, and writers that use SQL in long transactions. */
    RandomWriters start(int appenders, int others) {
        for (int i = 0; i < appenders + others; i++) {
            Random random = new Random(i);
            boolean isAppender = i < appenders;
            String name = "writer " + i;
            Thread thread = new Thread(() -> loop(isAppender, name, random), name);
            threads.add(thread);
            thread.start();
        }
        return this;
    }

    private void loop(boolean isAppender, String name, Random random) {
        long ownVersion = 0;
        while (!isOver.get()) {
            try {
                if (isAppender) {
                    append(random);
                } else {
                    ownVersion = writeRaw(name, ownVersion, random);
                }
            } catch (EventStorageException | SQLException e) {
                // Expected where the server is killed; whoever expects none looks at the count.
                failures.incrementAndGet();
                LockSupport.parkNanos(20_000_000);
            } catch (Throwable e) {
                surprises.add(e);
                return;
            }
        }
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
        try {
            AppendResult result = storage.append(append);
            if (result.lastVersion() < append.events().size()) {
                throw new AssertionError(append + " ended at " + result);
            }
            append.events().forEach(event -> acknowledged.add(event.eventId()));
        } catch (ConcurrencyConflictException e) {
            // Another writer was first: the next round decides anew.
            LockSupport.parkNanos(random.nextInt(100_000));
        } catch (AppendOutcomeUnknownException e) {
            append.events().forEach(event -> unknown.add(event.eventId()));
            throw e;
        }
    }

    /** Writes versions of an aggregate of its own, with pauses, savepoints and changes of mind, and returns its version. */
    private long writeRaw(String name, long version, Random random) throws SQLException {
        try (RawWriter writer = new RawWriter(dataSource, options)) {
            if (random.nextInt(4) == 0) {
                writer.execute("select pg_current_xact_id()");
                pause(random);
            }
            long next = version;
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
                return version;
            }
            writer.commit();
            rawCommits.incrementAndGet();
            return next;
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
