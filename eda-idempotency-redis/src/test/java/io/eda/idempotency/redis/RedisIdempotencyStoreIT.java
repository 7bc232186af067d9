package io.eda.idempotency.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.eda.idempotency.Claim;
import io.eda.idempotency.IdempotencyKey;
import io.lettuce.core.SetArgs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What this store promises beyond the contract, on Redis 7.0 or newer and on Redis 6.2. */
final class RedisIdempotencyStoreIT extends EachRedis {

    @Test
    void scripts_are_called_only_where_the_server_does_not_compare_by_itself() throws Exception {
        ServerReport report = ServerReport.of(this.<String>ask(redis -> redis.info("server")));
        IdempotencyKey key = Ask.freshKey();
        Ask.get(store.claim(key, "one", LEASE));
        long before = scriptCalls();

        assertThat(Ask.get(store.renew(key, "one", LEASE))).isTrue();
        assertThat(Ask.get(store.complete(key, "one"))).isTrue();
        assertThat(scriptCalls() - before).isEqualTo(report.comparesBeforeSetting() ? 0 : 2);

        IdempotencyKey other = Ask.freshKey();
        Ask.get(store.claim(other, "two", LEASE));
        before = scriptCalls();
        assertThat(Ask.get(store.release(other, "two"))).isTrue();
        assertThat(scriptCalls() - before).isEqualTo(report.comparesBeforeDeleting() ? 0 : 1);
    }

    /** Those that were known by their digest failed for once when they were not, and are not counted for it. */
    private long scriptCalls() {
        return this.<String>ask(redis -> redis.info("commandstats"))
                .lines()
                .filter(line -> line.startsWith("cmdstat_eval"))
                .mapToLong(RedisIdempotencyStoreIT::successes)
                .sum();
    }

    private static long successes(String line) {
        return number(line, "calls=") - number(line, "failed_calls=");
    }

    private static long number(String line, String name) {
        Matcher found = Pattern.compile("[:,]" + name + "(\\d+)").matcher(line);
        return found.find() ? Long.parseLong(found.group(1)) : 0;
    }

    @Test
    void a_key_is_readable_and_has_an_end_from_the_first_moment() throws Exception {
        IdempotencyKey key = Ask.freshKey();
        String redisKey = "eda:inventory:" + key.eventId();

        Ask.get(store.claim(key, "one", LEASE));
        assertThat(this.<String>ask(redis -> redis.get(redisKey))).isEqualTo("Pone");
        assertThat(this.<Long>ask(redis -> redis.pttl(redisKey))).isBetween(1L, LEASE.toMillis());

        Ask.get(store.renew(key, "one", LEASE.multipliedBy(2)));
        assertThat(this.<Long>ask(redis -> redis.pttl(redisKey))).isBetween(LEASE.toMillis(), 2 * LEASE.toMillis());

        Ask.get(store.complete(key, "one"));
        assertThat(this.<String>ask(redis -> redis.get(redisKey))).matches("\\d+");
        assertThat(this.<Long>ask(redis -> redis.pttl(redisKey)))
                .isBetween(
                        PATIENT.retention().minusMinutes(5).toMillis(),
                        PATIENT.retention().toMillis());
    }

    @Test
    void a_look_tells_what_is_known_and_changes_nothing() throws Exception {
        IdempotencyKey key = Ask.freshKey();
        assertThat(Ask.get(store.look(key))).isEmpty();
        Ask.get(store.claim(key, "one", LEASE));
        assertThat(Ask.get(store.look(key))).get().isInstanceOfSatisfying(Claim.InProgress.class, held -> assertThat(
                        held.remaining())
                .isPositive()
                .isLessThanOrEqualTo(LEASE));
        assertThat(Ask.get(store.complete(key, "one"))).isTrue();
        assertThat(Ask.get(store.look(key))).contains(new Claim.Completed());
        IdempotencyKey free = Ask.freshKey();
        Ask.get(store.look(free));
        assertThat(Ask.get(store.claim(free, "two", LEASE))).isEqualTo(new Claim.Granted("two"));
    }

    @Test
    void a_completion_is_forgotten_after_its_retention() throws Exception {
        IdempotencyKey key = Ask.freshKey();
        try (var forgetful = RedisIdempotencyStore.connect(
                Ask.uri(server), PATIENT.withRetention(Duration.ofSeconds(1)).withKeyPrefix("short:"))) {
            Ask.get(forgetful.claim(key, "one", LEASE));
            assertThat(Ask.get(forgetful.complete(key, "one"))).isTrue();

            await().atMost(Duration.ofSeconds(30))
                    .until(() -> Ask.get(forgetful.claim(key, "two", LEASE)) instanceof Claim.Granted);
        }
    }

    @Test
    void ten_thousand_claims_are_in_flight_on_one_connection() throws Exception {
        server.freeze();
        List<CompletableFuture<Claim>> claims = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            claims.add(store.claim(Ask.freshKey(), "token" + i, LEASE));
        }
        assertThat(claims).noneMatch(CompletableFuture::isDone);
        server.thaw();

        assertThat(Ask.getAll(claims)).allMatch(claim -> claim instanceof Claim.Granted);
        assertThat(this.<Long>ask(redis -> redis.dbsize())).isEqualTo(10_000);
        // Ours, and the one that asks.
        assertThat(this.<String>ask(redis -> redis.clientList()).lines()).hasSize(2);
    }

    @Test
    void one_claim_over_the_limit_fails_at_once_and_leaves_room_when_the_others_are_answered() throws Exception {
        try (var small = RedisIdempotencyStore.connect(Ask.uri(server), PATIENT.withMaxInFlight(100))) {
            server.freeze();
            List<CompletableFuture<Claim>> claims = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                claims.add(small.claim(Ask.freshKey(), "token", LEASE));
            }
            var oneTooMany = small.claim(Ask.freshKey(), "token", LEASE);
            assertThat(oneTooMany).isCompletedExceptionally();
            assertThat(Ask.failure(oneTooMany))
                    .hasMessageContaining("100 requests")
                    .hasMessageContaining("maxInFlight");
            server.thaw();

            assertThat(Ask.getAll(claims)).allMatch(claim -> claim instanceof Claim.Granted);
            assertThat(Ask.get(small.claim(Ask.freshKey(), "token", LEASE))).isInstanceOf(Claim.Granted.class);
        }
    }

    @Test
    void scripts_that_the_server_has_forgotten_are_taught_again() throws Exception {
        IdempotencyKey key = Ask.freshKey();
        for (String token : List.of("one", "two", "three")) {
            ask(redis -> redis.scriptFlush());
            assertThat(Ask.get(store.claim(key, token, LEASE))).isEqualTo(new Claim.Granted(token));
            ask(redis -> redis.scriptFlush());
            assertThat(Ask.get(store.claim(key, "other", LEASE))).isInstanceOf(Claim.InProgress.class);
            ask(redis -> redis.scriptFlush());
            assertThat(Ask.get(store.renew(key, token, LEASE))).isTrue();
            ask(redis -> redis.scriptFlush());
            assertThat(Ask.get(store.release(key, token))).isTrue();
        }
        Ask.get(store.claim(key, "last", LEASE));
        ask(redis -> redis.scriptFlush());
        assertThat(Ask.get(store.complete(key, "last"))).isTrue();
    }

    @Test
    void a_remembered_event_takes_no_more_memory_than_its_bare_key() throws Exception {
        IdempotencyKey key = Ask.freshKey();
        Ask.get(store.claim(key, "5a0c19e4-34a7-4b5e-8f0e-f1ea2a6a4b3a", LEASE));
        Ask.get(store.complete(key, "5a0c19e4-34a7-4b5e-8f0e-f1ea2a6a4b3a"));

        String redisKey = "eda:inventory:" + key.eventId();
        long ours = ask(redis -> redis.memoryUsage(redisKey));
        ask(redis -> redis.set("raw:inventory:" + key.eventId(), "1", SetArgs.Builder.ex(86_400)));
        long raw = ask(redis -> redis.memoryUsage("raw:inventory:" + key.eventId()));
        assertThat((double) ours).isLessThanOrEqualTo(1.1 * raw);
    }

    @Test
    void a_claim_repeated_with_its_token_begins_its_lease_anew() throws Exception {
        IdempotencyKey key = Ask.freshKey();
        Ask.get(store.claim(key, "one", Duration.ofMinutes(1)));

        assertThat(Ask.get(store.claim(key, "one", LEASE))).isEqualTo(new Claim.Granted("one"));

        Claim other = Ask.get(store.claim(key, "two", LEASE));
        assertThat(((Claim.InProgress) other).remaining()).isBetween(Duration.ofMinutes(5), LEASE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"somebody else's", "", "-7"})
    void a_value_that_another_program_wrote_is_told_and_not_touched(String foreign) throws Exception {
        IdempotencyKey key = Ask.freshKey();
        ask(redis -> redis.set("eda:inventory:" + key.eventId(), foreign));

        assertThat(Ask.failure(store.claim(key, "one", LEASE)))
                .hasMessageContaining(key.eventId().toString())
                .hasMessageContaining("key prefix");
        assertThat(Ask.get(store.complete(key, "one"))).isFalse();
        assertThat(Ask.get(store.release(key, "one"))).isFalse();
        assertThat(this.<String>ask(redis -> redis.get("eda:inventory:" + key.eventId())))
                .isEqualTo(foreign);
    }

    @Test
    void a_key_of_another_type_is_told_and_not_touched() throws Exception {
        IdempotencyKey key = Ask.freshKey();
        ask(redis -> redis.lpush("eda:inventory:" + key.eventId(), "theirs"));

        assertThat(Ask.failure(store.claim(key, "one", LEASE)))
                .hasMessageContaining(key.eventId().toString())
                .hasMessageContaining("key prefix");
        assertThat(Ask.get(store.complete(key, "one"))).isFalse();
        assertThat(this.<String>ask(redis -> redis.type("eda:inventory:" + key.eventId())))
                .isEqualTo("list");
    }

    @Test
    void tokens_and_leases_that_cannot_work_are_refused() {
        IdempotencyKey key = Ask.freshKey();
        assertThatThrownBy(() -> store.claim(key, "", LEASE)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.claim(key, "x".repeat(101), LEASE)).hasMessageContaining("1 to 100");
        assertThatThrownBy(() -> store.claim(key, "one", Duration.ZERO)).hasMessageContaining("millisecond");
        assertThatThrownBy(() -> store.renew(key, "one", Duration.ofNanos(1))).hasMessageContaining("millisecond");
    }
}
