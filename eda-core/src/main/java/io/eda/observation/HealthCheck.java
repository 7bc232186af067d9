package io.eda.observation;

import io.eda.observation.Health.Status;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One question to one part, which is not asked again before it has answered: a part that hangs costs one thread, however often somebody
 * looks. Thread-safe.
 */
final class HealthCheck {

    private final String part;
    private final String hint;
    private final Callable<Health> question;

    // Guarded by this.
    private @Nullable Future<Health> asked;
    private long askedAt;

    HealthCheck(String part, String hint, Callable<Health> question) {
        this.part = part;
        this.hint = hint;
        this.question = question;
    }

    synchronized void begin(ExecutorService threads) {
        if (asked != null && !asked.isDone()) {
            return;
        }
        try {
            askedAt = System.nanoTime();
            asked = threads.submit(question);
        } catch (RejectedExecutionException e) {
            asked = null;
        }
    }

    Health await(long deadline) {
        Future<Health> answer;
        long since;
        synchronized (this) {
            answer = asked;
            since = askedAt;
        }
        if (answer == null) {
            return down("nobody asks it: the checks are closed");
        }
        try {
            return answer.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return down("it has not answered for " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since) + " ms");
        } catch (ExecutionException e) {
            return down(String.valueOf(e.getCause()));
        } catch (CancellationException e) {
            return down("nobody asks it any more");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return down("whoever asked was interrupted");
        }
    }

    private Health down(String reason) {
        return new Health(part, Status.DOWN, reason, hint);
    }
}
