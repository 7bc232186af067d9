package io.eda.idempotency.redis;

import org.jspecify.annotations.Nullable;

/** Redis could not be asked, or refused. The message says what was attempted, what was found, and what to do. */
public final class RedisIdempotencyException extends RuntimeException {

    RedisIdempotencyException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
