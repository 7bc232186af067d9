package io.eda.store.postgres;

import io.eda.store.postgres.Connections.Session;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens while somebody waits, on a connection of its own, and takes another one when it is lost. Where listening is
 * impossible, nothing is missing but speed. Thread-safe.
 */
final class WakeUpListener implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(WakeUpListener.class);

    // How long it may take to notice that nobody waits any more, or that this was closed.
    private static final Duration LOOK = Duration.ofMillis(100);
    // A connection that is gone without a word is noticed by asking.
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);
    // Kept a little while, because who waited mostly waits again.
    private static final Duration IDLE = Duration.ofSeconds(10);
    private static final Duration AFTER_FAILURE = Duration.ofMillis(500);
    private static final Duration CLOSING = Duration.ofSeconds(2);

    private final Connections connections;
    private final PostgresOptions options;
    private final String channel;
    private final Predicate<String> isOwn;
    private final Runnable onWakeUp;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // All guarded by the lock.
    private int waiting;
    private long lastWaited;
    private boolean isRunning;
    private boolean isClosed;

    WakeUpListener(
            Connections connections,
            PostgresOptions options,
            String channel,
            Predicate<String> isOwn,
            Runnable onWakeUp) {
        this.connections = connections;
        this.options = options;
        this.channel = channel;
        this.isOwn = isOwn;
        this.onWakeUp = onWakeUp;
    }

    void beginWaiting() {
        if (!options.wakeUps()) {
            return;
        }
        lock.lock();
        try {
            waiting++;
            if (!isRunning && !isClosed && canListen()) {
                isRunning = true;
                Thread thread = new Thread(this::run, "eda-wake-up-listener");
                thread.setDaemon(true);
                thread.start();
            }
        } finally {
            lock.unlock();
        }
    }

    void endWaiting() {
        if (!options.wakeUps()) {
            return;
        }
        lock.lock();
        try {
            waiting--;
            lastWaited = System.nanoTime();
        } finally {
            lock.unlock();
        }
    }

    /** A small pool has no connection to spare, and through a proxy that pools sessions nothing would come. */
    private boolean canListen() {
        return connections.haveAtLeast(options.lanes() + 2) && !connections.shareSessions();
    }

    private void run() {
        boolean isFirstFailure = true;
        while (goesOn()) {
            try (Session session = connections.open()) {
                listen(session);
                isFirstFailure = true;
            } catch (SQLException | RuntimeException e) {
                if (isFirstFailure) {
                    log.info("Other processes' appends are found by polling until listening works again: {}", "" + e);
                    isFirstFailure = false;
                }
                pause();
            }
        }
    }

    private void listen(Session session) throws SQLException {
        PGConnection notifications = session.connection().unwrap(PGConnection.class);
        try (Statement statement = session.connection().createStatement()) {
            statement.setQueryTimeout(session.timeoutSeconds());
            try {
                statement.execute("listen \"" + channel + '"');
                // What was told while nobody listened is not told again.
                onWakeUp.run();
                hear(notifications, statement);
            } finally {
                // The connection goes back to its pool, and its next user wants to hear nothing.
                statement.execute("unlisten *");
            }
        }
    }

    private void hear(PGConnection notifications, Statement heartbeat) throws SQLException {
        long lastHeard = System.nanoTime();
        while (isNeeded()) {
            PGNotification[] heard = notifications.getNotifications(Math.toIntExact(LOOK.toMillis()));
            if (heard != null && heard.length > 0) {
                lastHeard = System.nanoTime();
                wakeUp(heard);
            } else if (System.nanoTime() - lastHeard > HEARTBEAT.toNanos()) {
                heartbeat.execute("select 1");
                lastHeard = System.nanoTime();
            }
        }
    }

    private void wakeUp(PGNotification[] heard) {
        for (PGNotification notification : heard) {
            if (!isOwn.test(notification.getParameter())) {
                onWakeUp.run();
                return;
            }
        }
    }

    private boolean isNeeded() {
        lock.lock();
        try {
            return !isClosed && (waiting > 0 || System.nanoTime() - lastWaited < IDLE.toNanos());
        } finally {
            lock.unlock();
        }
    }

    /** Decides in one step whether this thread goes on, so that whoever comes next knows whether to start another. */
    private boolean goesOn() {
        lock.lock();
        try {
            isRunning = isNeeded();
            changed.signalAll();
            return isRunning;
        } finally {
            lock.unlock();
        }
    }

    private void pause() {
        lock.lock();
        try {
            long left = AFTER_FAILURE.toNanos();
            while (!isClosed && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the listening, and gives its connection back. */
    @Override
    public void close() {
        lock.lock();
        try {
            isClosed = true;
            changed.signalAll();
            long left = CLOSING.toNanos();
            while (isRunning && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }
}
