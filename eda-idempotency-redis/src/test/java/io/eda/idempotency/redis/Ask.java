package io.eda.idempotency.redis;

import io.eda.idempotency.IdempotencyKey;
import io.eda.testkit.servers.RealServer;
import io.eda.testkit.servers.RedisServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** What the tests of this module ask servers and futures. */
final class Ask {

    private Ask() {}

    static IdempotencyKey freshKey() {
        return new IdempotencyKey("inventory", UUID.randomUUID());
    }

    static RedisURI uri(RealServer server) {
        return RedisURI.create(server.host(), server.port());
    }

    static <T> T redis(RedisServer server, Function<RedisCommands<String, String>, T> question) {
        try (RedisClient client = RedisClient.create(server.uri());
                StatefulRedisConnection<String, String> connection = client.connect()) {
            return question.apply(connection.sync());
        }
    }

    /** Waits generously; a hang fails. */
    static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(60, TimeUnit.SECONDS);
    }

    static <T> List<T> getAll(List<CompletableFuture<T>> futures) throws Exception {
        CompletableFuture<?>[] all = futures.toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(all).get(60, TimeUnit.SECONDS);
        return futures.stream().map(CompletableFuture::join).toList();
    }

    /** Waits for the failure, which is an error of the adapter. */
    static RedisIdempotencyException failure(CompletableFuture<?> future)
            throws InterruptedException, TimeoutException {
        try {
            throw new AssertionError("expected a failure, got " + future.get(60, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RedisIdempotencyException failure) {
                return failure;
            }
            throw new AssertionError("expected a RedisIdempotencyException", e.getCause());
        }
    }
}
