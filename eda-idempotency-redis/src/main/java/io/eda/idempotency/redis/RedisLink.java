package io.eda.idempotency.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One shared connection, to one server or to a cluster.
 *
 * @param connection it
 * @param commands its commands, of which those that both kinds have are used here
 * @param infos asks every primary for its INFO
 * @param isOneServer whether all keys are on one, so that a command may name several
 * @param whatElseToClose a client of our own, or nothing
 */
record RedisLink(
        StatefulConnection<String, String> connection,
        RedisClusterAsyncCommands<String, String> commands,
        Supplier<Stream<? extends CompletionStage<String>>> infos,
        boolean isOneServer,
        Runnable whatElseToClose)
        implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RedisLink.class);

    /** Connects with a client of our own. */
    static RedisLink own(RedisURI uri, RedisIdempotencyOptions options) {
        // A server that comes back is met again within a second; lettuce itself would grow slower, up to 30 seconds.
        ClientResources resources = ClientResources.builder()
                .reconnectDelay(
                        Delay.equalJitter(Duration.ofMillis(20), Duration.ofSeconds(1), 2, TimeUnit.MILLISECONDS))
                .build();
        RedisClient client = RedisClient.create(resources, uri);
        client.setOptions(ClientOptions.builder()
                // Twice, because requests that were given up still stand in the queue of a frozen server.
                .requestQueueSize((int) Math.min(Integer.MAX_VALUE, 2L * options.maxInFlight()))
                .timeoutOptions(TimeoutOptions.builder().build())
                .build());
        Runnable shutDown = () -> {
            client.shutdown();
            var unused = resources.shutdown(0, 2, TimeUnit.SECONDS);
        };
        try {
            return to(client, shutDown);
        } catch (RuntimeException e) {
            shutDown.run();
            throw e;
        }
    }

    static RedisLink to(RedisClient client, Runnable whatElseToClose) {
        StatefulRedisConnection<String, String> connection = connected(() -> client.connect(SizedUtf8.CODEC));
        return new RedisLink(
                connection,
                connection.async(),
                () -> Stream.of(connection.async().info()),
                true,
                whatElseToClose);
    }

    static RedisLink to(RedisClusterClient client) {
        StatefulRedisClusterConnection<String, String> connection = connected(() -> client.connect(SizedUtf8.CODEC));
        return new RedisLink(
                connection,
                connection.async(),
                () -> connection.async().upstream().commands().info().stream(),
                false,
                () -> {});
    }

    /** Asks the servers what they are; one that may not be asked is taken for an old one. */
    List<ServerReport> reports(Duration timeout) {
        return infos.get()
                .map(CompletionStage::toCompletableFuture)
                .map(info -> report(info, timeout))
                .toList();
    }

    private static ServerReport report(CompletableFuture<String> info, Duration timeout) {
        try {
            return ServerReport.of(info.get(timeout.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException e) {
            log.warn(
                    "Redis does not tell its INFO ({}): whether its maxmemory-policy is noeviction cannot be checked, and"
                            + " claims take the way that every version knows. Allow +info to this user.",
                    e.getCause() == null ? e : e.getCause().getMessage());
            return ServerReport.of("");
        } catch (TimeoutException e) {
            throw RedisFailure.silence("Asking Redis for its INFO", timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw RedisFailure.of("Asking Redis for its INFO", e);
        }
    }

    private static <C> C connected(Supplier<C> connect) {
        try {
            return connect.get();
        } catch (RedisException e) {
            throw RedisFailure.of("Connecting to Redis", e);
        }
    }

    @Override
    public void close() {
        connection.close();
        whatElseToClose.run();
    }
}
