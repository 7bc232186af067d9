package io.eda.idempotency.redis;

import io.lettuce.core.RedisFuture;
import io.netty.util.Timeout;
import io.netty.util.TimerTask;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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
    private volatile @Nullable RedisFuture<?> sent;

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

    void answer(T answer) {
        future.complete(answer);
    }

    void fail(Throwable failure) {
        future.completeExceptionally(RedisFailure.of(attempt(), failure));
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
        if (future.isDone()) {
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

    /** Time is up. */
    @Override
    public void run(Timeout timeout) {
        if (future.completeExceptionally(RedisFailure.silence(attempt(), requests.timeout()))) {
            withdraw();
        }
    }

    /** A command that is still waiting for a connection is not sent any more when there is one. */
    void withdraw() {
        RedisFuture<?> waiting = sent;
        if (waiting != null) {
            waiting.cancel(true);
        }
    }
}
