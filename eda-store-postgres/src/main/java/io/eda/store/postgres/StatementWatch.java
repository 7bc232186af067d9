package io.eda.store.postgres;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cancels statements that take too long. The driver's own timer wakes a thread for every statement that has a timeout, which costs a small
 * one a tenth of its time; this one looks at all that run, ten times a second, and at nothing while there are none. Thread-safe.
 */
final class StatementWatch {

    private static final Logger log = LoggerFactory.getLogger(StatementWatch.class);
    private static final Executor A_MOMENT_LATER =
            CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS, Runnable::run);

    private final long limitNanos;
    private final Set<Watched> running = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean isLooking = new AtomicBoolean();

    StatementWatch(Duration limit) {
        this.limitNanos = limit.toNanos();
    }

    /** Begins to watch {@code statement}, which is about to run; to be ended when it has, or will not. */
    Watched begin(Statement statement) {
        Watched watched = new Watched(statement, System.nanoTime() + limitNanos);
        running.add(watched);
        lookLater();
        return watched;
    }

    void end(Watched watched) {
        running.remove(watched);
    }

    private void lookLater() {
        if (isLooking.compareAndSet(false, true)) {
            A_MOMENT_LATER.execute(this::look);
        }
    }

    private void look() {
        long now = System.nanoTime();
        running.stream().filter(watched -> watched.deadline - now <= 0).toList().forEach(watched -> {
            if (running.remove(watched)) {
                // It asks the server, which may not answer, over a connection of its own.
                Thread cancelling = new Thread(watched::cancel, "eda-cancel");
                cancelling.setDaemon(true);
                cancelling.start();
            }
        });
        isLooking.set(false);
        // In this order: who began before this line is seen here, and who begins behind it looks by itself.
        if (!running.isEmpty()) {
            lookLater();
        }
    }

    /** A statement and when its time is over. */
    static final class Watched {

        private final Statement statement;
        private final long deadline;

        private Watched(Statement statement, long deadline) {
            this.statement = statement;
            this.deadline = deadline;
        }

        // The driver does nothing where it has ended meanwhile, and lets nobody else's run before the server has heard.
        private void cancel() {
            try {
                statement.cancel();
            } catch (SQLException e) {
                log.debug("A statement that took too long could not be cancelled: its connection is given up", e);
            }
        }
    }
}
