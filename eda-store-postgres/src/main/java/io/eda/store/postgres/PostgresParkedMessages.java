package io.eda.store.postgres;

import io.eda.parking.ParkedKey;
import io.eda.parking.ParkedMessages;
import io.eda.parking.ParkedReplay;
import io.eda.store.EventStorageException;
import io.eda.store.postgres.Connections.Session;
import io.eda.store.postgres.Connections.Task;
import io.eda.store.postgres.ParkedRows.Locked;
import io.eda.transport.Message;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * Parked messages in two PostgreSQL tables: members on any number of nodes park the same keys, and any of them replays what another
 * one has parked.
 *
 * <ul>
 *   <li><b>Durable</b>: a message whose future completed survives kill -9 of whoever parked it, and of the server.
 *   <li><b>In order</b>: a key's messages stand in the order in which they were parked, drawn under the lock of the key's row.
 *   <li><b>On the server's clock</b>: leases of replays begin and end by it, and a member whose lease is over changes nothing.
 *   <li><b>Bounded</b> by {@link PostgresOptions#maxParked} for each group: beyond, parking fails, and sources are kept.
 * </ul>
 *
 * <p>Groups, topics, keys and ids are parts of index entries: together a key may have about 2 000 bytes. A NUL character, which
 * PostgreSQL's texts cannot hold, is kept as U+2400 in keys and headers; bodies are kept byte for byte.
 *
 * <p>Wants a {@code DataSource} with autocommit on. Its threads begin with the first question, and end when there is nothing to do.
 * Thread-safe.
 */
public final class PostgresParkedMessages implements ParkedMessages {

    private static final int MAX_WAITING = 10_000;
    private static final int QUESTIONS_AT_ONCE = 2;
    private static final Duration IDLE = Duration.ofSeconds(10);

    private final Connections connections;
    private final ParkedRows rows;
    private final long maxParked;

    // One thread: messages of a key are parked in the order of the calls, whether callers wait for the answers or not.
    private final Executor parking = threads("eda-parking", 1);
    private final Executor asking = threads("eda-parked", QUESTIONS_AT_ONCE);

    private PostgresParkedMessages(Connections connections, PostgresOptions options) {
        this.connections = connections;
        this.rows = new ParkedRows(options.schema());
        this.maxParked = options.maxParked();
    }

    /** Opens the store with the defaults. */
    public static PostgresParkedMessages create(DataSource dataSource) {
        return create(dataSource, PostgresOptions.defaults());
    }

    /**
     * Opens the store; creates its tables where they are missing, which any number of processes may do at once.
     *
     * @throws EventStorageException if the server cannot be reached or is not fit: the message says what to change
     */
    public static PostgresParkedMessages create(DataSource dataSource, PostgresOptions options) {
        Connections connections = new Connections(dataSource, options.statementTimeout());
        new EventSchema(connections, options).install(EventSchema.PARKED);
        return new PostgresParkedMessages(connections, options);
    }

    private static Executor threads(String name, int count) {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                count, count, IDLE.toSeconds(), TimeUnit.SECONDS, new LinkedBlockingQueue<>(MAX_WAITING), task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    @Override
    public CompletableFuture<Set<ParkedKey>> parked(Set<ParkedKey> keys) {
        return soon(
                asking,
                () -> connections.call("Asking which keys are parked", session -> rows.parkedOf(session, keys)));
    }

    @Override
    public CompletableFuture<Boolean> park(ParkedKey key, Message message, boolean onlyBehind) {
        // The array is the caller's again when this returns.
        Message kept = message.copy();
        return soon(parking, () -> onlyBehind ? parkBehind(key, kept) : parkFirst(key, kept));
    }

    private static <T> CompletableFuture<T> soon(Executor threads, Supplier<T> task) {
        try {
            return CompletableFuture.supplyAsync(task, threads);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(new EventStorageException(
                    MAX_WAITING
                            + " requests about parked messages wait for the database already: is it slow or away? What"
                            + " was not parked is kept at its source, and comes again",
                    e));
        }
    }

    private boolean parkBehind(ParkedKey key, Message message) {
        return inTransaction("Parking " + message + " of " + key, session -> {
            Optional<Locked> locked = rows.lock(session, key);
            if (locked.isPresent()) {
                add(session, key, locked.get(), message);
            }
            return locked.isPresent();
        });
    }

    private boolean parkFirst(ParkedKey key, Message message) {
        return inTransaction("Parking " + message + " of " + key, session -> {
            add(session, key, rows.begin(session, key), message);
            return true;
        });
    }

    private void add(Session session, ParkedKey key, Locked locked, Message message) throws SQLException {
        if (rows.isParked(session, locked, message.id())) {
            return;
        }
        long parked = rows.count(session, key.group());
        if (parked >= maxParked) {
            throw new IllegalStateException("The message " + message + " of " + key + " cannot be parked: " + parked
                    + " are, which is the limit of a group; replay or drop some, or raise PostgresOptions.maxParked");
        }
        rows.add(session, locked, message);
    }

    @Override
    public List<ParkedKey> keys(String group, int limit) {
        return connections.call(
                "Listing the parked keys of '" + group + "'", session -> rows.keys(session, group, limit));
    }

    @Override
    public List<Message> messages(ParkedKey key, int limit) {
        return connections.call("Listing the parked messages of " + key, session -> rows.messages(session, key, limit));
    }

    @Override
    public boolean release(ParkedKey key) {
        return connections.call("Releasing " + key, session -> rows.updateKey(session, "release_parked_key", key) == 1);
    }

    @Override
    public boolean drop(ParkedKey key, String id) {
        return inTransaction("Dropping the message " + id + " of " + key, session -> {
            Optional<Locked> locked =
                    rows.lock(session, key).filter(row -> row.heldBy().isEmpty());
            return locked.isPresent() && rows.remove(session, locked.get(), id);
        });
    }

    @Override
    public Optional<ParkedReplay> take(String group, String owner, Duration lease) {
        return inTransaction("Taking a parked key of '" + group + "'", session -> {
            Optional<ParkedKey> taken = rows.take(session, group, owner, lease.toMillis());
            return taken.isPresent() ? first(session, taken.get(), owner) : Optional.empty();
        });
    }

    @Override
    public boolean extend(ParkedReplay replay, Duration lease) {
        return connections.call(
                "Extending the lease of " + replay.key(),
                session -> rows.extend(session, replay.key(), replay.owner(), lease.toMillis()) == 1);
    }

    @Override
    public Optional<ParkedReplay> done(ParkedReplay replay) {
        return inTransaction("Ending the replay of a message of " + replay.key(), session -> {
            Optional<Locked> held = held(session, replay);
            if (held.isEmpty()
                    || !rows.remove(session, held.get(), replay.message().id())
                    || held.get().messages() == 1) {
                return Optional.empty();
            }
            rows.update(session, "renew_parked_lease", held.get().number());
            return first(session, replay.key(), replay.owner());
        });
    }

    @Override
    public void giveBack(ParkedReplay replay, Optional<Message> letter) {
        boolean unused = inTransaction("Giving back " + replay.key(), session -> {
            Optional<Locked> held = held(session, replay);
            if (held.isPresent()) {
                long number = held.get().number();
                if (letter.isPresent()) {
                    rows.replaceFirst(session, held.get(), letter.get());
                }
                rows.update(session, "give_back_parked_key", letter.isPresent(), number);
            }
            return held.isPresent();
        });
    }

    private Optional<Locked> held(Session session, ParkedReplay replay) throws SQLException {
        return rows.lock(session, replay.key()).filter(row -> row.heldBy().equals(Optional.of(replay.owner())));
    }

    private Optional<ParkedReplay> first(Session session, ParkedKey key, String owner) throws SQLException {
        return rows.messages(session, key, 1).stream()
                .findFirst()
                .map(message -> new ParkedReplay(key, message, owner));
    }

    /** What {@code task} throws rolls everything back. */
    private <T> T inTransaction(String attempt, Task<T> task) {
        try (CheckpointTransaction transaction = CheckpointTransaction.begin(connections, attempt)) {
            T result = transaction.run(task);
            transaction.commit();
            return result;
        } catch (SQLException e) {
            throw Connections.failure(attempt, e);
        }
    }
}
