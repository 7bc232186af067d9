package io.eda.idempotency.redis;

import io.netty.util.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The limits of the requests on one connection: how many at once, and how long each. */
final class Requests {

    private final Timer timer;
    private final Duration timeout;
    private final int maxInFlight;
    private final AtomicInteger inFlight = new AtomicInteger();

    Requests(Timer timer, RedisIdempotencyOptions options) {
        this.timer = timer;
        this.timeout = options.commandTimeout();
        this.maxInFlight = options.maxInFlight();
    }

    /** Begins a request, to which its steps are still to be added; one too many has ended already. */
    <T> Request<T> begin(String attempt, String key) {
        Request<T> request = new Request<>(inFlight::decrementAndGet, timeout, attempt, key);
        if (inFlight.incrementAndGet() > maxInFlight) {
            request.fail(RedisFailure.crowd(request.attempt(), maxInFlight));
            return request;
        }
        try {
            request.endBy(timer.newTimeout(request, timeout.toNanos(), TimeUnit.NANOSECONDS));
        } catch (RuntimeException e) {
            // The client's resources were shut down under this store.
            request.fail(e);
        }
        return request;
    }

    /** Begins a request that stands for several of callers: those have been counted, and have their deadlines. */
    <T> Request<T> standingFor(String... keys) {
        return new Request<>(() -> {}, timeout, "Asking for", keys);
    }
}
