package io.eda.benchmarks.redis;

import io.eda.benchmarks.harness.Contender;
import io.eda.benchmarks.harness.Operation;
import io.eda.benchmarks.harness.Session;
import io.eda.idempotency.Claim;
import io.eda.idempotency.IdempotencyKey;
import io.eda.idempotency.redis.RedisIdempotencyOptions;
import io.eda.idempotency.redis.RedisIdempotencyStore;
import io.eda.testkit.servers.RedisServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

/** The systems, each on an empty Redis. */
final class Contenders {

    static final String EDA = "eda";
    static final String RAW = "raw-lettuce";
    static final String GUIDE = "get-then-set";

    private static final int GUIDE_THREADS = 16;
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration RETENTION = Duration.ofHours(24);

    // What completes a claim, in as few words as it takes.
    private static final String COMPLETE = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('SET', KEYS[1],"
            + " ARGV[2], 'PX', ARGV[3]) return 1 end return 0";

    private Contenders() {}

    static Contender eda(RedisServer server, int inFlight) {
        return new Contender(
                EDA,
                "RedisIdempotencyStore, one connection, one caller with " + inFlight + " events in flight",
                1,
                () -> {
                    empty(server);
                    RedisIdempotencyStore store =
                            RedisIdempotencyStore.connect(uri(server), RedisIdempotencyOptions.defaults());
                    Tokens tokens = new Tokens();
                    return new InFlight(
                            inFlight,
                            () -> {
                                IdempotencyKey key = new IdempotencyKey("inventory", UUID.randomUUID());
                                String token = tokens.next();
                                return store.claim(key, token, LEASE)
                                        .thenCompose(claim -> claim instanceof Claim.Granted
                                                ? store.complete(key, token)
                                                : CompletableFuture.completedFuture(false));
                            },
                            store);
                });
    }

    static Contender raw(RedisServer server, int inFlight) {
        return new Contender(
                RAW,
                "lettuce, the same commands by hand: SET NX GET PX, then EVALSHA; one connection, one caller with "
                        + inFlight + " events in flight",
                1,
                () -> {
                    empty(server);
                    RedisClient client = RedisClient.create(uri(server));
                    StatefulRedisConnection<String, String> connection = client.connect(StringCodec.UTF8);
                    RedisAsyncCommands<String, String> redis = connection.async();
                    String digest = redis.scriptLoad(COMPLETE).get();
                    Tokens tokens = new Tokens();
                    return new InFlight(inFlight, () -> byHand(redis, digest, tokens.next()), client);
                });
    }

    private static CompletableFuture<Boolean> byHand(
            RedisAsyncCommands<String, String> redis, String digest, String token) {
        String key = "raw:inventory:" + UUID.randomUUID();
        String pending = "P" + token;
        return redis.setGet(key, pending, SetArgs.Builder.nx().px(LEASE.toMillis()))
                .thenCompose(held -> held == null
                        ? redis.<Long>evalsha(
                                        digest,
                                        ScriptOutputType.INTEGER,
                                        new String[] {key},
                                        pending,
                                        "4611686018427387904",
                                        Long.toString(RETENTION.toMillis()))
                                .thenApply(done -> done == 1)
                        : CompletableFuture.completedFuture(false))
                .toCompletableFuture();
    }

    /** Neither knows whether another one is at the event, nor loses it seldom: it is the figure that is looked at. */
    static Contender guide(RedisServer server) {
        return new Contender(
                GUIDE,
                "Spring Data Redis 4.1, GET, and where nothing is there SET EX; " + GUIDE_THREADS + " threads",
                GUIDE_THREADS,
                () -> {
                    empty(server);
                    var factory = new LettuceConnectionFactory(
                            new RedisStandaloneConfiguration(server.host(), server.port()));
                    factory.afterPropertiesSet();
                    factory.start();
                    return new Guide(factory, new StringRedisTemplate(factory));
                });
    }

    static RedisURI uri(RedisServer server) {
        return RedisURI.create(server.host(), server.port());
    }

    private static void empty(RedisServer server) {
        try (RedisClient client = RedisClient.create(uri(server));
                StatefulRedisConnection<String, String> connection = client.connect()) {
            connection.sync().flushall();
        }
    }

    private record Guide(LettuceConnectionFactory factory, StringRedisTemplate redis) implements Session {

        @Override
        public Operation caller(int index) {
            return watch -> {
                String key = "processed:inventory:" + UUID.randomUUID();
                if (redis.opsForValue().get(key) == null) {
                    redis.opsForValue().set(key, "1", RETENTION);
                }
                return 1;
            };
        }

        @Override
        public void close() {
            factory.destroy();
        }
    }

    /** As the bus makes them: one prefix a subscription, and a number. */
    private static final class Tokens {

        private final String prefix = UUID.randomUUID() + "-";
        private final AtomicLong count = new AtomicLong();

        String next() {
            return prefix + count.incrementAndGet();
        }
    }
}
