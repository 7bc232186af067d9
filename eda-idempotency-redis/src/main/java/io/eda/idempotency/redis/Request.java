package io.eda.idempotency.redis;

import io.lettuce.core.RedisFuture;
import io.netty.util.Timeout;
import io.netty.util.TimerTask;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One question, of one or more commands: it is answered, or fails, once. What comes later is of no interest any more. A caller's has a
 * deadline; one that stands for those of several callers has theirs.
 */
final class Request<T> implements TimerTask {

    private final Runnable whenEnded;
    private final Duration timeout;
    private final String attempt;
    private final String[] keys;
    private final CompletableFuture<T> future = new CompletableFuture<>();
    private final AtomicBoolean hasEnded = new AtomicBoolean();
    private volatile @Nullable RedisFuture<?> sent;
    private @Nullable Timeout deadline;

    Request(Runnable whenEnded, Duration timeout, String attempt, String... keys) {
        this.whenEnded = whenEnded;
        this.timeout = timeout;
        this.attempt = attempt;
        this.keys = keys;
    }

    /** Returns the only one. */
    String key() {
        return keys[0];
    }

    String[] keys() {
        return keys;
    }

    String attempt() {
        return attempt + " '" + key() + "' in Redis";
    }

    CompletableFuture<T> future() {
        return future;
    }

    /** To be called before the first step. */
    void endBy(Timeout timeout) {
        deadline = timeout;
    }

    boolean hasEnded() {
        return hasEnded.get();
    }

    void answer(T answer) {
        if (end()) {
            future.complete(answer);
        }
    }

    void fail(Throwable failure) {
        if (end()) {
            future.completeExceptionally(RedisFailure.of(attempt(), failure));
        }
    }

    /** Returns whether it was under way still. Its place is free before its caller knows, who may take it at once. */
    private boolean end() {
        if (!hasEnded.compareAndSet(false, true)) {
            return false;
        }
        whenEnded.run();
        if (deadline != null) {
            deadline.cancel();
        }
        return true;
    }

    /**
     * Sends a command.
     *
     * @param onFailure goes on in another way and returns true, or returns false, and the request fails
     */
    <R> void step(Supplier<RedisFuture<R>> command, Consumer<R> onAnswer, Predicate<Throwable> onFailure) {
        RedisFuture<R> step;
        try {
            step = command.get();
        } catch (RuntimeException e) {
            // The client refuses: it was closed, or its own queue is full.
            fail(e);
            return;
        }
        sent = step;
        if (hasEnded.get()) {
            step.cancel(true);
        }
        var unused = step.handle((answer, failure) -> {
            react(answer, failure, onAnswer, onFailure);
            return failure;
        });
    }

    private <R> void react(
            R answer, @Nullable Throwable failure, Consumer<R> onAnswer, Predicate<Throwable> onFailure) {
        try {
            if (failure == null) {
                onAnswer.accept(answer);
                return;
            }
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            if (!onFailure.test(cause)) {
                fail(cause);
            }
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    /** Time is up. */
    @Override
    public void run(Timeout elapsed) {
        giveUp(RedisFailure.silence(attempt(), timeout));
    }

    /** Fails. A command that still waits for a connection is not sent any more when there is one. */
    void giveUp(Exception reason) {
        if (!end()) {
            return;
        }
        RedisFuture<?> waiting = sent;
        if (waiting != null) {
            waiting.cancel(true);
        }
        future.completeExceptionally(reason);
    }
}
