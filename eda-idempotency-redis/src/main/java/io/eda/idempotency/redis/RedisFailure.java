package io.eda.idempotency.redis;

import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisLoadingException;
import io.lettuce.core.RedisReadOnlyException;
import java.time.Duration;
import java.util.concurrent.CancellationException;

/** What errors of Redis mean here, and what to do about them. */
final class RedisFailure {

    private RedisFailure() {}

    static RedisIdempotencyException of(String attempt, Throwable failure) {
        if (failure instanceof RedisIdempotencyException explained) {
            return explained;
        }
        // Why a connection was refused stands in the cause.
        Throwable reason =
                failure instanceof RedisConnectionException && failure.getCause() instanceof RedisException cause
                        ? cause
                        : failure;
        String said = reason.getMessage() == null ? reason.toString() : reason.getMessage();
        String sentence = said.endsWith(".") ? said : said + '.';
        return new RedisIdempotencyException(attempt + " failed: " + sentence + " " + advice(failure, said), failure);
    }

    static RedisIdempotencyException silence(String attempt, Duration timeout) {
        return new RedisIdempotencyException(
                attempt + " was not answered within " + timeout.toMillis() + " ms: the server is down, frozen,"
                        + " failing over or overloaded. Whether it took effect is unknown; to ask again with the same token"
                        + " is safe.",
                null);
    }

    static RedisIdempotencyException crowd(String attempt, int maxInFlight) {
        return new RedisIdempotencyException(
                attempt + " was not sent: " + maxInFlight
                        + " requests are unanswered already. Callers ask faster"
                        + " than Redis answers: let them wait for answers, or raise maxInFlight.",
                null);
    }

    static RedisIdempotencyException foreignValue(String key) {
        return new RedisIdempotencyException(
                "The key '" + key
                        + "' holds a value that this store did not write. Something else uses the same keys: give"
                        + " this store a key prefix of its own.",
                null);
    }

    private static String advice(Throwable failure, String said) {
        if (failure instanceof RedisReadOnlyException || said.startsWith("READONLY")) {
            return "This server is a replica, or became one: connect to the primary, or through Sentinel or Cluster, which"
                    + " follow it. Nothing has changed.";
        }
        if (said.startsWith("OOM")) {
            return "The server is at its maxmemory and evicts nothing, which is right for this store: raise maxmemory, or"
                    + " shorten the retention. Nothing has changed.";
        }
        if (said.startsWith("NOPERM") || said.startsWith("NOAUTH") || said.startsWith("WRONGPASS")) {
            return "Let the user do: on ~PREFIX* +set +get +del +pttl +pexpire +eval +evalsha, and +info.";
        }
        if (failure instanceof RedisLoadingException
                || said.startsWith("MASTERDOWN")
                || said.startsWith("CLUSTERDOWN")) {
            return "The server is not ready yet: try again. Nothing has changed.";
        }
        if (failure instanceof CancellationException) {
            return "The store or its client was closed.";
        }
        if (said.startsWith("MISCONF") || said.startsWith("NOREPLICAS")) {
            return "The server refuses writes that it could not keep: look at its disk and its replicas. Nothing has changed.";
        }
        return failure instanceof RedisConnectionException
                ? "Is the server up and reachable? It may be tried again."
                : "Whether it took effect is unknown; to ask again with the same token is safe.";
    }
}
