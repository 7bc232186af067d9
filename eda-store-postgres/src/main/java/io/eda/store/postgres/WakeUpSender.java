package io.eda.store.postgres;

import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends {@code NOTIFY} for any number of appends, a limited number of times. Thread-safe. */
final class WakeUpSender implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(WakeUpSender.class);

    private static final Duration BETWEEN = Duration.ofMillis(10);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration IDLE = Duration.ofSeconds(10);

    // Not flushed: a wake-up that a crash takes away tells of nothing that polling would not find.
    private static final String NOTIFY = "select set_config('synchronous_commit', 'off', true), pg_notify(?, ?)";

    private final Connections connections;
    private final boolean isOn;
    private final String channel;
    private final String sender;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Written under the lock; read without it, so that an append pays for the first of many alone.
    private volatile boolean isWanted;
    private boolean isRunning;
    private boolean isClosed;

    WakeUpSender(Connections connections, boolean isOn, String channel, String sender) {
        this.connections = connections;
        this.isOn = isOn;
        this.channel = channel;
        this.sender = sender;
    }

    void tell() {
        if (!isOn || isWanted) {
            return;
        }
        lock.lock();
        try {
            isWanted = true;
            changed.signalAll();
            if (!isRunning && !isClosed) {
                isRunning = true;
                Thread thread = new Thread(this::run, "eda-wake-up-sender");
                thread.setDaemon(true);
                thread.start();
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        while (takeWanted()) {
            pause(send() ? BETWEEN : AFTER_FAILURE);
        }
    }

    /** Waits for something to tell; returns false, and has ended this thread, where there is nothing for long. */
    private boolean takeWanted() {
        lock.lock();
        try {
            long left = IDLE.toNanos();
            while (!isWanted && !isClosed && left > 0) {
                left = changed.awaitNanos(left);
            }
            isRunning = isWanted && !isClosed;
            // Before it is sent: whoever is woken by it may miss an append that comes from now on.
            isWanted = false;
            return isRunning;
        } catch (InterruptedException e) {
            isRunning = false;
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private boolean send() {
        try {
            return connections.call("Telling other processes of an append", session -> {
                try (PreparedStatement statement = session.prepare(NOTIFY)) {
                    statement.setString(1, channel);
                    statement.setString(2, sender);
                    return statement.execute();
                }
            });
        } catch (RuntimeException e) {
            log.debug("Other processes were not told of an append; they will find it by polling", e);
            return false;
        }
    }

    private void pause(Duration length) {
        lock.lock();
        try {
            long left = length.toNanos();
            while (!isClosed && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            isClosed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
