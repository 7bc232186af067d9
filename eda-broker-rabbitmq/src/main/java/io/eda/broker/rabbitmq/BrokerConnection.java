package io.eda.broker.rabbitmq;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection that is opened, watched over and opened again by one thread, until it is closed. Thread-safe.
 *
 * <p>A refusal, of the credentials say, is told at once and tried again with the longest pause: whoever sets the account right
 * on the broker need not restart the application.
 */
final class BrokerConnection {

    private static final Logger log = LoggerFactory.getLogger(BrokerConnection.class);

    // A connection that ends sooner than this is counted as a failed attempt: no hot loop of connecting.
    private static final long STABLE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final String name;
    private final RabbitMqOptions options;
    private final Connector connector;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable Connection connection;
    private @Nullable Throwable failure;
    private @Nullable RabbitMqRefusedException refusal;
    private @Nullable Socket socket;
    private boolean isBlocked;
    private boolean hasStarted;
    private boolean hasTried;
    private boolean isClosed;

    BrokerConnection(String name, RabbitMqOptions options, Connector connector) {
        this.name = name;
        this.options = options;
        this.connector = connector;
        this.thread = Threads.daemon("eda-rabbitmq-" + name, this::supervise);
    }

    /** Has {@code listener} run, briefly, whenever something changes. */
    void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** Begins, where it has not begun. */
    void start() {
        lock.lock();
        try {
            if (!hasStarted && !isClosed) {
                hasStarted = true;
                thread.start();
            }
        } finally {
            lock.unlock();
        }
    }

    Optional<Connection> current() {
        return locked(() -> Optional.ofNullable(connection));
    }

    /** Why there is no connection. */
    Optional<Throwable> failure() {
        return locked(() -> Optional.ofNullable(failure));
    }

    Optional<RabbitMqRefusedException> refusal() {
        return locked(() -> Optional.ofNullable(refusal));
    }

    /** Whether the broker has asked for no more messages, because its memory or disk is short. */
    boolean isBlocked() {
        return locked(() -> isBlocked);
    }

    /** Waits until the first attempt has ended, well or badly, or the time is over. */
    void awaitFirstAttempt(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        lock.lock();
        try {
            while (!hasTried && !isClosed) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return;
                }
                long unused = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void supervise() {
        int failures = 0;
        while (!locked(() -> isClosed)) {
            long begun = System.nanoTime();
            boolean isRefused = false;
            try {
                Connection opened = connector.open("eda-" + name, this::tried);
                begun = System.nanoTime();
                up(opened);
                awaitEnd(opened);
                if (opened.isOpen()) {
                    // This was closed while it was being opened, and whoever closed it may have looked before it was
                    // there.
                    close(opened);
                }
            } catch (IOException | TimeoutException | RuntimeException e) {
                isRefused = failed(e);
            }
            failures = System.nanoTime() - begun > STABLE_NANOS ? 1 : failures + 1;
            pause(
                    isRefused
                            ? options.reconnect().max()
                            : options.reconnect().after(failures, ThreadLocalRandom.current()));
        }
    }

    private void tried(Socket next) {
        locked(() -> socket = next);
    }

    private void up(Connection opened) {
        opened.addBlockedListener(reason -> blocked(true, reason), () -> blocked(false, ""));
        lock.lock();
        try {
            connection = opened;
            failure = null;
            refusal = null;
            isBlocked = false;
        } finally {
            lock.unlock();
        }
        // Told at once where it has ended in the meantime.
        opened.addShutdownListener(cause -> down(opened, cause));
        log.atInfo()
                .addKeyValue("connection", name)
                .log("Connected to RabbitMQ at {}:{} to {}", opened.getAddress(), opened.getPort(), name);
        tell();
    }

    private void down(Connection ended, ShutdownSignalException cause) {
        lock.lock();
        try {
            if (connection != ended) {
                return;
            }
            connection = null;
            failure = cause;
            isBlocked = false;
            if (!isClosed) {
                log.atWarn()
                        .addKeyValue("connection", name)
                        .log("Lost the connection to {}: {}. Connecting again.", name, cause.getMessage());
            }
        } finally {
            lock.unlock();
        }
        tell();
    }

    private boolean failed(Exception e) {
        Optional<RabbitMqRefusedException> refused = BrokerAnswer.refusedConnection(e);
        boolean isNews;
        lock.lock();
        try {
            isNews = failure == null || !String.valueOf(failure.getMessage()).equals(String.valueOf(e.getMessage()));
            refusal = refused.orElse(null);
            failure = refused.<Throwable>map(r -> r).orElse(e);
        } finally {
            lock.unlock();
        }
        if (isNews && refused.isPresent()) {
            log.atError()
                    .addKeyValue("connection", name)
                    .setCause(refused.get())
                    .log("No connection to {}", name);
        } else if (isNews) {
            log.atWarn()
                    .addKeyValue("connection", name)
                    .log("No connection to {} yet: {}. Trying again.", name, e.toString());
        }
        tell();
        return refused.isPresent();
    }

    private void blocked(boolean isNow, String reason) {
        locked(() -> isBlocked = isNow);
        if (isNow) {
            log.atWarn()
                    .addKeyValue("connection", name)
                    .addKeyValue("reason", reason)
                    .log("The broker takes no messages: {}. They wait, and fail at their deadline.", reason);
        } else {
            log.atInfo().addKeyValue("connection", name).log("The broker takes messages again.");
        }
        tell();
    }

    private void tell() {
        lock.lock();
        try {
            hasTried = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        listeners.forEach(Runnable::run);
    }

    private void awaitEnd(Connection opened) {
        lock.lock();
        try {
            while (connection == opened && !isClosed) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private void pause(Duration pause) {
        long end = System.nanoTime() + pause.toNanos();
        lock.lock();
        try {
            for (long left = pause.toNanos(); left > 0 && !isClosed; left = end - System.nanoTime()) {
                long unused = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            // Nobody interrupts this thread; it ends when it is closed.
            log.debug("Not paused before connecting to {}", name);
        } finally {
            lock.unlock();
        }
    }

    /** Ends it: politely, and where the broker does not answer in time, by closing the socket. */
    void close() {
        lock.lock();
        try {
            isClosed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        current().ifPresent(this::close);
        if (thread.isAlive()) {
            Threads.join(thread, options.closeTimeout());
        }
        // Opened while this closed.
        current().ifPresent(this::close);
    }

    private void close(Connection open) {
        int limit = (int) options.closeTimeout().toMillis();
        // A thread of its own: a write that hangs in a full socket holds the lock that the goodbye needs.
        Thread goodbye = Threads.daemon("eda-rabbitmq-goodbye", () -> open.abort(200, "closed", limit));
        goodbye.start();
        Threads.join(goodbye, options.closeTimeout());
        if (goodbye.isAlive()) {
            kill();
            Threads.join(goodbye, options.closeTimeout());
        }
    }

    private void kill() {
        Socket last = locked(() -> socket);
        if (last == null) {
            return;
        }
        try {
            last.setSoLinger(true, 0);
            last.close();
        } catch (IOException e) {
            log.debug("The socket to {} was closed already", name, e);
        }
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }
}
