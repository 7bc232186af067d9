package io.eda.benchmarks.redis;

import io.eda.benchmarks.harness.Goal;
import io.eda.benchmarks.harness.Pace;
import io.eda.benchmarks.harness.Quantity;
import io.eda.benchmarks.harness.Report;
import io.eda.benchmarks.harness.Scenario;
import io.eda.benchmarks.kafka.DeduplicatedPipeline;
import io.eda.idempotency.IdempotencyKey;
import io.eda.idempotency.redis.RedisIdempotencyOptions;
import io.eda.idempotency.redis.RedisIdempotencyStore;
import io.eda.testkit.servers.RealServers;
import io.eda.testkit.servers.RedisServer;
import io.eda.testkit.servers.ServerOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** Claims and completions on a Redis of their own, and what a remembered event takes there. */
public final class RedisBench {

    private static final int IN_FLIGHT = 256;
    private static final int REMEMBERED = 1_000;
    private static final double MEMORY_LIMIT = 1.1;

    private RedisBench() {}

    /** Runs all scenarios; {@code events} wait in Kafka, more than a round handles. */
    public static void run(Report report, int events) throws Exception {
        // Without a file: what is compared is what clients and commands cost, not the disk that all of them wait for.
        ServerOptions options = ServerOptions.defaults().withSetting("appendonly", "no");
        try (RedisServer server = RealServers.dedicatedRedis(options)) {
            report.line(server + ", appendonly no");
            report.line(memory(server));
            report.compare(new Scenario(
                    "claim and complete an event, " + IN_FLIGHT + " in flight",
                    Pace.asFastAsPossible(),
                    List.of(
                            Contenders.raw(server, IN_FLIGHT),
                            Contenders.guide(server),
                            Contenders.eda(server, IN_FLIGHT)),
                    List.of(Contenders.RAW, Contenders.GUIDE),
                    List.of(
                            Goal.atLeast(0.9, Contenders.EDA, Quantity.EVENTS_PER_SECOND, Contenders.RAW),
                            Goal.atLeast(2, Contenders.EDA, Quantity.EVENTS_PER_SECOND, Contenders.GUIDE))));
            DeduplicatedPipeline.compare(report, server, events);
        }
    }

    private static String memory(RedisServer server) throws Exception {
        long ours = 0;
        long raw = 0;
        try (RedisIdempotencyStore store =
                        RedisIdempotencyStore.connect(Contenders.uri(server), RedisIdempotencyOptions.defaults());
                RedisClient client = RedisClient.create(Contenders.uri(server));
                StatefulRedisConnection<String, String> connection = client.connect()) {
            RedisCommands<String, String> redis = connection.sync();
            for (int i = 0; i < REMEMBERED; i++) {
                IdempotencyKey key = new IdempotencyKey("inventory", UUID.randomUUID());
                String token = UUID.randomUUID().toString();
                store.claim(key, token, Duration.ofSeconds(30)).get();
                store.complete(key, token).get();
                ours += redis.memoryUsage("eda:inventory:" + key.eventId());
                redis.set("raw:inventory:" + key.eventId(), "1", SetArgs.Builder.ex(86_400));
                raw += redis.memoryUsage("raw:inventory:" + key.eventId());
            }
        }
        double ratio = (double) ours / raw;
        return String.format(
                Locale.ROOT,
                "a remembered event: %d bytes by MEMORY USAGE, its bare key with the value 1: %d bytes; %.2f×, asked for"
                        + " at most %.1f×: %s",
                ours / REMEMBERED,
                raw / REMEMBERED,
                ratio,
                MEMORY_LIMIT,
                ratio <= MEMORY_LIMIT ? "reached" : "short");
    }
}
