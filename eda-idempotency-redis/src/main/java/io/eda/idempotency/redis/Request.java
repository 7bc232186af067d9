package io.eda.idempotency.redis;

import io.lettuce.core.RedisFuture;
import io.netty.util.Timeout;
import io.netty.util.TimerTask;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One question of a caller, of one or more commands: it is answered, or fails, once, and in time. What comes later is of no
 * interest any more.
 */
final class Request<T> implements TimerTask {

    private final Requests requests;
    private final String attempt;
    private final String key;
    private final CompletableFuture<T> future = new CompletableFuture<>();
    private final AtomicBoolean hasEnded = new AtomicBoolean();
    private volatile @Nullable RedisFuture<?> sent;
    private @Nullable Timeout deadline;

    Request(Requests requests, String attempt, String key) {
        this.requests = requests;
        this.attempt = attempt;
        this.key = key;
    }

    String key() {
        return key;
    }

    String attempt() {
        return attempt + " '" + key + "' in Redis";
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
        requests.ended();
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
            return key;
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

    /** Time is up. A command that is still waiting for a connection is not sent any more when there is one. */
    @Override
    public void run(Timeout timeout) {
        if (!end()) {
            return;
        }
        RedisFuture<?> waiting = sent;
        if (waiting != null) {
            waiting.cancel(true);
        }
        future.completeExceptionally(RedisFailure.silence(attempt(), requests.timeout()));
    }
}
