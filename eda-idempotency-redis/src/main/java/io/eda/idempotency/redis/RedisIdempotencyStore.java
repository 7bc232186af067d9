package io.eda.idempotency.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eda.idempotency.Claim;
import io.eda.idempotency.IdempotencyKey;
import io.eda.idempotency.IdempotencyStore;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SetArgs;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers in Redis 6.2 or newer, or in Valkey, which events were handled: on one server, through Sentinel, or on a cluster.
 *
 * <ul>
 *   <li><b>One key an event</b>: {@code PREFIX GROUP:EVENTID}, with {@code P} and the token while it is claimed, and a number
 *       when it is completed.
 *   <li><b>Never without an end</b>: every key has a time to live from the command on that writes it.
 *   <li><b>Never a hang</b>: a request fails after the command timeout, also while the server is down, frozen or failing
 *       over; one that failed may have taken effect, and can be sent again with the same token.
 *   <li><b>Together</b>: all requests share one connection. Nothing waits for company, and what waits at the same time goes in one
 *       command, except on a cluster, where no command touches two keys.
 *   <li><b>As durable as Redis</b>: a crash without an append-only file, and a fail-over before the last writes reached the
 *       replica, forget claims and completions; those events can be handled again, and none is lost.
 * </ul>
 *
 * <p>Thread-safe. Futures complete on threads of lettuce: what follows must not block; hand longer work to an executor with the
 * {@code …Async} methods.
 */
public final class RedisIdempotencyStore implements IdempotencyStore, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RedisIdempotencyStore.class);

    private static final int MAX_TOKEN = 100;
    private static final long GRANTED = -1;
    private static final long FREE = -1;
    private static final long COMPLETED = -2;

    private final RedisLink link;
    private final RedisIdempotencyOptions options;
    private final RedisClusterAsyncCommands<String, String> commands;
    private final Requests requests;
    private final Script claim;
    private final IfHeld ifHeld;
    private final Batches claims;
    private final Batches completions;
    private final Script look;
    private volatile boolean isNativeClaimKnown;

    private RedisIdempotencyStore(RedisLink link, RedisIdempotencyOptions options, List<ServerReport> servers) {
        this.link = link;
        this.options = options;
        this.commands = link.commands();
        this.requests = new Requests(link.connection().getResources().timer(), options);
        this.claim = Script.read("claim.lua", "", commands);
        this.look = Script.read("look.lua", "", commands);
        this.ifHeld = new IfHeld(commands, servers);
        int maxBatch = link.isOneServer() ? options.maxBatch() : 1;
        this.claims = new Batches(requests, claim, maxBatch);
        this.completions = new Batches(requests, ifHeld.completion(), maxBatch);
        this.isNativeClaimKnown = servers.stream().allMatch(ServerReport::isSince7);
    }

    /**
     * Connects with a client of its own, which meets a server that comes back within a second; {@link #close()} closes it.
     *
     * @param uri one server, or the Sentinels of one, with TLS, user and password where they are needed
     * @throws RedisIdempotencyException if the server cannot be reached
     */
    public static RedisIdempotencyStore connect(RedisURI uri, RedisIdempotencyOptions options) {
        return open(RedisLink.own(uri, options), options);
    }

    /**
     * Opens one connection of {@code client}, which stays the caller's: {@link #close()} closes the connection alone. Give the
     * client a {@code requestQueueSize}, which bounds what waits while a server is frozen.
     *
     * @throws RedisIdempotencyException if the server cannot be reached
     */
    public static RedisIdempotencyStore open(RedisClient client, RedisIdempotencyOptions options) {
        return open(RedisLink.to(client, () -> {}), options);
    }

    /** The same on a cluster. Let the client refresh its topology, so that it follows a fail-over. */
    public static RedisIdempotencyStore open(RedisClusterClient client, RedisIdempotencyOptions options) {
        return open(RedisLink.to(client), options);
    }

    private static RedisIdempotencyStore open(RedisLink link, RedisIdempotencyOptions options) {
        try {
            List<ServerReport> servers = link.reports(options.commandTimeout());
            servers.stream()
                    .flatMap(server -> server.warnings().stream())
                    .distinct()
                    .forEach(warning -> log.atWarn()
                            .addKeyValue("keyPrefix", options.keyPrefix())
                            .log(warning));
            return new RedisIdempotencyStore(link, options, servers);
        } catch (RuntimeException e) {
            link.close();
            throw e;
        }
    }

    @Override
    public CompletableFuture<Claim> claim(IdempotencyKey key, String token, Duration lease) {
        String mine = pending(token);
        long millis = millis(lease);
        Request<Claim> request = requests.begin("Claiming", keyOf(key));
        LongConsumer answer = number -> answer(request, token, number);
        Runnable byScript = () -> claim.callForOne(request, answer, Long.toString(millis), mine);
        claims.add(new Batches.Entry(request, Long.toString(millis), List.of(mine), answer, () -> {
            if (isNativeClaimKnown) {
                claimNatively(request, token, mine, millis, byScript);
            } else {
                byScript.run();
            }
        }));
        return request.future();
    }

    private void claimNatively(Request<Claim> request, String token, String mine, long millis, Runnable byScript) {
        request.step(
                () -> commands.setGet(request.key(), mine, SetArgs.Builder.nx().px(millis)),
                (@Nullable String held) -> {
                    if (held == null) {
                        request.answer(new Claim.Granted(token));
                    } else if (!held.isEmpty() && Character.isDigit(held.charAt(0))) {
                        request.answer(new Claim.Completed());
                    } else {
                        // Ours, because the command was sent twice: its lease begins anew. Or another one's: how long
                        // its lease lasts must be told together with whose it is, or the time to live of a completion
                        // that came in between would pass for it.
                        byScript.run();
                    }
                },
                failure -> {
                    String message = String.valueOf(failure.getMessage());
                    // A fail-over to a server before 7.0.
                    boolean isTooOld = message.contains("syntax error");
                    isNativeClaimKnown &= !isTooOld;
                    // What the key holds is no text: the script tells whose it is.
                    boolean isRefused = failure instanceof RedisCommandExecutionException
                            && (isTooOld || message.startsWith("WRONGTYPE"));
                    if (isRefused) {
                        byScript.run();
                    }
                    return isRefused;
                });
    }

    private static void answer(Request<Claim> request, String token, long answer) {
        if (answer == GRANTED) {
            request.answer(new Claim.Granted(token));
        } else if (answer == COMPLETED) {
            request.answer(new Claim.Completed());
        } else if (answer > 0) {
            request.answer(new Claim.InProgress(Duration.ofMillis(answer)));
        } else {
            request.fail(RedisFailure.foreignValue(request.key()));
        }
    }

    @Override
    public CompletableFuture<Boolean> complete(IdempotencyKey key, String token) {
        long retention = options.retention().toMillis();
        String pending = pending(token);
        String number = numberOf(token);
        Request<Boolean> request = requests.begin("Completing", keyOf(key));
        completions.add(new Batches.Entry(
                request,
                Long.toString(retention),
                List.of(pending, number),
                answer -> request.answer(answer == 1),
                () -> ifHeld.complete(request, pending, number, retention)));
        return request.future();
    }

    @Override
    public CompletableFuture<Boolean> renew(IdempotencyKey key, String token, Duration lease) {
        String pending = pending(token);
        long millis = millis(lease);
        return send("Renewing", key, request -> ifHeld.renew(request, pending, millis));
    }

    @Override
    public CompletableFuture<Boolean> release(IdempotencyKey key, String token) {
        String pending = pending(token);
        return send("Releasing", key, request -> ifHeld.release(request, pending));
    }

    @Override
    public CompletableFuture<Optional<Claim>> look(IdempotencyKey key) {
        Request<Optional<Claim>> request = requests.begin("Looking for", keyOf(key));
        if (!request.hasEnded()) {
            look.call(request, answer -> {
                if (answer == FREE) {
                    request.answer(Optional.empty());
                } else if (answer == COMPLETED) {
                    request.answer(Optional.of(new Claim.Completed()));
                } else if (answer > 0) {
                    request.answer(Optional.of(new Claim.InProgress(Duration.ofMillis(answer))));
                } else {
                    request.fail(RedisFailure.foreignValue(request.key()));
                }
            });
        }
        return request.future();
    }

    private CompletableFuture<Boolean> send(String attempt, IdempotencyKey key, Consumer<Request<Boolean>> step) {
        Request<Boolean> request = requests.begin(attempt, keyOf(key));
        if (!request.hasEnded()) {
            step.accept(request);
        }
        return request.future();
    }

    /** Closes the connection; requests under way fail. Closing twice does nothing more. */
    @Override
    public void close() {
        link.close();
    }

    private String keyOf(IdempotencyKey key) {
        return options.keyPrefix() + key.group() + ':' + key.eventId();
    }

    private static String pending(String token) {
        if (token.isEmpty() || token.length() > MAX_TOKEN) {
            throw new IllegalArgumentException("A token of " + token.length() + " characters: use 1 to " + MAX_TOKEN
                    + ", unique for the attempt, such as a random UUID");
        }
        return "P" + token;
    }

    /**
     * Returns what a completed key holds: 63 bits that tell a completion sent twice from another one's. Redis keeps a number in
     * the value's head, so a remembered event takes no more memory than its key.
     */
    private static String numberOf(String token) {
        CRC32C sum = new CRC32C();
        sum.update(token.getBytes(UTF_8));
        long bits = (long) token.hashCode() << 32 | sum.getValue();
        return Long.toString(bits & Long.MAX_VALUE);
    }

    private static long millis(Duration lease) {
        long millis = lease.toMillis();
        if (millis < 1) {
            throw new IllegalArgumentException(
                    "A lease of " + lease + ": use at least a millisecond, and longer than a handler takes");
        }
        return millis;
    }
}
