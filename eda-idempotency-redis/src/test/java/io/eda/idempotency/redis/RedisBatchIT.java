package io.eda.idempotency.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.eda.idempotency.Claim;
import io.eda.idempotency.IdempotencyKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Claims and completions that share a command. They wait together because the server stands still. */
final class RedisBatchIT extends EachRedis {

    @Test
    void a_hundred_claims_and_completions_share_a_command_each() throws Exception {
        List<IdempotencyKey> keys = freshKeys(1_000);

        List<CompletableFuture<Claim>> claims = whileFrozen(keys, key -> store.claim(key, "one", LEASE));
        assertThat(Ask.getAll(claims)).allMatch(new Claim.Granted("one")::equals);
        // Two left alone before there was anything to share.
        assertThat(calls("set") + calls("evalsha") + calls("eval")).isLessThan(1_000 + 100);
        List<CompletableFuture<Boolean>> completions = whileFrozen(keys, key -> store.complete(key, "one"));
        assertThat(Ask.getAll(completions)).allMatch(Boolean::booleanValue);
        assertThat(calls("evalsha") + calls("eval")).isLessThan(100);

        assertThat(Ask.getAll(whileFrozen(keys, key -> store.claim(key, "two", LEASE))))
                .allMatch(new Claim.Completed()::equals);
    }

    @Test
    void each_of_a_batch_gets_the_answer_of_its_own_key() throws Exception {
        List<IdempotencyKey> keys = freshKeys(60);
        for (int i = 0; i < 60; i++) {
            switch (i % 5) {
                case 0 -> Ask.get(store.claim(keys.get(i), "another", LEASE));
                case 1 -> {
                    Ask.get(store.claim(keys.get(i), "another", LEASE));
                    Ask.get(store.complete(keys.get(i), "another"));
                }
                case 2 -> foreign(keys.get(i), false);
                case 3 -> foreign(keys.get(i), true);
                default -> {}
            }
        }

        List<CompletableFuture<Claim>> claims = whileFrozen(keys, key -> store.claim(key, "mine", LEASE));
        for (int i = 0; i < 60; i++) {
            if (i % 5 == 2 || i % 5 == 3) {
                assertThat(Ask.failure(claims.get(i)))
                        .hasMessageContaining(keys.get(i).eventId().toString());
                continue;
            }
            Claim claim = Ask.get(claims.get(i));
            switch (i % 5) {
                case 0 -> assertThat(claim).isInstanceOf(Claim.InProgress.class);
                case 1 -> assertThat(claim).isEqualTo(new Claim.Completed());
                default -> assertThat(claim).isEqualTo(new Claim.Granted("mine"));
            }
        }
        List<Boolean> completed = Ask.getAll(whileFrozen(keys, key -> store.complete(key, "mine")));
        assertThat(completed)
                .isEqualTo(IntStream.range(0, 60).mapToObj(i -> i % 5 == 4).toList());
    }

    @Test
    void a_batch_that_was_given_up_does_not_hold_up_the_next() throws Exception {
        try (var impatient =
                RedisIdempotencyStore.connect(Ask.uri(server), PATIENT.withCommandTimeout(Duration.ofMillis(300)))) {
            server.freeze();
            for (int round = 0; round < 3; round++) {
                List<CompletableFuture<Claim>> claims = freshKeys(150).stream()
                        .map(key -> impatient.claim(key, "one", LEASE))
                        .toList();
                for (CompletableFuture<Claim> claim : claims) {
                    assertThat(Ask.failure(claim)).hasMessageContaining("not answered within 300 ms");
                }
            }
            server.thaw();
            List<CompletableFuture<Claim>> claims = freshKeys(150).stream()
                    .map(key -> impatient.claim(key, "two", LEASE))
                    .toList();
            assertThat(Ask.getAll(claims)).allMatch(new Claim.Granted("two")::equals);
        }
    }

    @Test
    void a_script_that_the_server_has_forgotten_is_taught_again_by_a_batch() throws Exception {
        for (String token : List.of("one", "two")) {
            List<IdempotencyKey> keys = freshKeys(50);
            ask(redis -> redis.scriptFlush());
            assertThat(Ask.getAll(whileFrozen(keys, key -> store.claim(key, token, LEASE))))
                    .allMatch(new Claim.Granted(token)::equals);
            ask(redis -> redis.scriptFlush());
            assertThat(Ask.getAll(whileFrozen(keys, key -> store.complete(key, token))))
                    .allMatch(Boolean::booleanValue);
        }
    }

    @Test
    void where_one_is_the_limit_nothing_is_shared() throws Exception {
        try (var alone = RedisIdempotencyStore.connect(Ask.uri(server), PATIENT.withMaxBatch(1))) {
            List<IdempotencyKey> keys = freshKeys(200);
            assertThat(Ask.getAll(whileFrozen(keys, key -> alone.claim(key, "one", LEASE))))
                    .allMatch(new Claim.Granted("one")::equals);
            assertThat(Ask.getAll(whileFrozen(keys, key -> alone.complete(key, "one"))))
                    .allMatch(Boolean::booleanValue);
            assertThat(calls("evalsha") + calls("eval")).isGreaterThanOrEqualTo(200);
        }
    }

    @Test
    void a_closed_store_refuses_a_crowd_as_it_refuses_one() throws Exception {
        server.freeze();
        List<CompletableFuture<Claim>> claims = freshKeys(5_000).stream()
                .map(key -> store.claim(key, "one", LEASE))
                .toList();
        store.close();
        for (CompletableFuture<Claim> claim : claims) {
            assertThat(Ask.failure(claim)).isInstanceOf(RedisIdempotencyException.class);
        }
        for (IdempotencyKey key : freshKeys(5_000)) {
            assertThat(Ask.failure(store.claim(key, "one", LEASE)))
                    .hasMessageContaining(key.eventId().toString());
        }
        server.thaw();
    }

    private <T> List<CompletableFuture<T>> whileFrozen(
            List<IdempotencyKey> keys, Function<IdempotencyKey, CompletableFuture<T>> question) {
        server.freeze();
        try {
            return keys.stream().map(question).toList();
        } finally {
            server.thaw();
        }
    }

    private void foreign(IdempotencyKey key, boolean isList) {
        String name = "eda:inventory:" + key.eventId();
        ask(redis -> isList ? redis.lpush(name, "theirs") : redis.set(name, "theirs"));
    }

    private long calls(String command) {
        String stats = ask(redis -> redis.info("commandstats"));
        Matcher found = Pattern.compile("cmdstat_" + command + ":calls=(\\d+)").matcher(stats);
        return found.find() ? Long.parseLong(found.group(1)) : 0;
    }

    private static List<IdempotencyKey> freshKeys(int count) {
        return new ArrayList<>(Stream.generate(Ask::freshKey).limit(count).toList());
    }
}
