package io.eda.testkit.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import io.eda.idempotency.Claim;
import io.eda.idempotency.IdempotencyKey;
import io.eda.idempotency.IdempotencyStore;
import io.eda.testkit.Race;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** One owner at a time, told apart by its token, until it is done. */
abstract class ClaimContract extends IdempotencyCases {

    ClaimContract(IdempotencyStoreContract suite) {
        super(suite);
    }

    @Test
    void a_claim_is_granted_to_one_and_others_learn_how_long_to_wait() throws Exception {
        IdempotencyKey key = key("mail");

        assertThat(claim(key, "first")).isEqualTo(new Claim.Granted("first"));

        assertThat(claim(key, "second")).isInstanceOfSatisfying(Claim.InProgress.class, progress -> {
            assertThat(progress.remaining()).isPositive().isLessThanOrEqualTo(LEASE);
            assertThat(progress.remaining()).isGreaterThan(LEASE.minus(patience()));
        });
    }

    @Test
    void of_100_racing_claims_exactly_one_is_granted() throws Exception {
        IdempotencyStore second = isAlone() ? store() : another(RETENTION);
        for (int round = 0; round < 5; round++) {
            IdempotencyKey key = key("mail");
            List<Claim> claims = Race.run(IntStream.range(0, 100)
                    .<Callable<Claim>>mapToObj(
                            i -> () -> answer((i % 2 == 0 ? store() : second).claim(key, "t" + i, LEASE)))
                    .toList());

            assertThat(claims).filteredOn(Claim.Granted.class::isInstance).hasSize(1);
            assertThat(claims).filteredOn(Claim.InProgress.class::isInstance).hasSize(99);
        }
    }

    @Test
    void a_claim_that_is_sent_again_is_granted_again() throws Exception {
        IdempotencyKey key = key("mail");
        assertThat(claim(key, "token")).isEqualTo(new Claim.Granted("token"));

        assertThat(claim(key, "token")).isEqualTo(new Claim.Granted("token"));

        assertThat(claim(key, "other")).isInstanceOf(Claim.InProgress.class);
        assertThat(answer(store().complete(key, "token"))).isTrue();
    }

    @Test
    void completing_can_be_repeated_and_is_the_end() throws Exception {
        IdempotencyKey key = key("mail");
        claim(key, "token");

        assertThat(answer(store().complete(key, "token"))).isTrue();
        assertThat(answer(store().complete(key, "token")))
                .as("the completion sent again")
                .isTrue();

        assertThat(answer(store().complete(key, "other"))).isFalse();
        assertThat(answer(store().release(key, "token")))
                .as("a release after it")
                .isFalse();
        assertThat(answer(store().renew(key, "token", LEASE)))
                .as("a renewal after it")
                .isFalse();
        assertThat(claim(key, "other")).isEqualTo(new Claim.Completed());
        assertThat(claim(key, "token")).isEqualTo(new Claim.Completed());
    }

    @Test
    void what_was_never_claimed_cannot_be_completed_renewed_or_released() throws Exception {
        IdempotencyKey key = key("mail");

        assertThat(answer(store().complete(key, "nobody"))).isFalse();
        assertThat(answer(store().renew(key, "nobody", LEASE))).isFalse();
        assertThat(answer(store().release(key, "nobody"))).isFalse();

        assertThat(claim(key, "first")).isEqualTo(new Claim.Granted("first"));
    }

    @Test
    void what_was_released_can_be_claimed_at_once() throws Exception {
        IdempotencyKey key = key("mail");
        claim(key, "failed");
        assertThat(answer(store().release(key, "other"))).isFalse();
        assertThat(claim(key, "other")).isInstanceOf(Claim.InProgress.class);

        assertThat(answer(store().release(key, "failed"))).isTrue();

        assertThat(claim(key, "next")).isEqualTo(new Claim.Granted("next"));
        assertThat(answer(store().release(key, "failed"))).isFalse();
        assertThat(claim(key, "third")).isInstanceOf(Claim.InProgress.class);
    }

    @Test
    void groups_and_events_know_nothing_of_each_other() throws Exception {
        UUID event = UUID.randomUUID();
        String mark = UUID.randomUUID().toString().substring(24);
        List<String> groups = List.of(
                mark,
                mark + ":",
                mark + ":a",
                mark + "{a}",
                mark + "A",
                mark + "a",
                mark + " größe 注文 😀",
                mark + "*?[]\"'\\");

        for (String group : groups) {
            IdempotencyKey key = new IdempotencyKey(group, event);
            String token = "token of " + group;
            assertThat(claim(key, token)).as("the claim for '%s'", group).isEqualTo(new Claim.Granted(token));
            assertThat(claim(new IdempotencyKey(group, UUID.randomUUID()), token))
                    .isEqualTo(new Claim.Granted(token));
        }
        // The same key on every path: what was claimed under a name is renewed, completed and found under it.
        for (String group : groups) {
            IdempotencyKey key = new IdempotencyKey(group, event);
            String token = "token of " + group;
            assertThat(answer(store().renew(key, token, LEASE)))
                    .as("the renewal for '%s'", group)
                    .isTrue();
            assertThat(answer(store().complete(key, token)))
                    .as("the completion for '%s'", group)
                    .isTrue();
            assertThat(claim(key, "other")).isEqualTo(new Claim.Completed());
        }
    }

    @Test
    void tokens_of_any_form_are_told_apart() throws Exception {
        List<String> tokens = List.of("t", "t1", "T", "P:t", "D:t", "größe 注文 😀", "x".repeat(100), "x".repeat(99));
        for (String token : tokens) {
            IdempotencyKey key = key("mail");
            assertThat(claim(key, token)).isEqualTo(new Claim.Granted(token));
            for (String other : tokens) {
                if (!other.equals(token)) {
                    assertThat(claim(key, other))
                            .as("'%s' beside '%s'", other, token)
                            .isInstanceOf(Claim.InProgress.class);
                    assertThat(answer(store().complete(key, other))).isFalse();
                }
            }
            assertThat(answer(store().complete(key, token))).isTrue();
        }
    }

    @Test
    void ten_thousand_on_their_way_at_once_are_all_answered() throws Exception {
        List<IdempotencyKey> keys =
                IntStream.range(0, 10_000).mapToObj(i -> key("mail")).toList();
        List<CompletableFuture<Claim>> claims =
                keys.stream().map(key -> store().claim(key, "token", LEASE)).toList();
        for (CompletableFuture<Claim> claim : claims) {
            assertThat(answer(claim)).isEqualTo(new Claim.Granted("token"));
        }
        List<CompletableFuture<Boolean>> completions =
                keys.stream().map(key -> store().complete(key, "token")).toList();
        for (CompletableFuture<Boolean> completion : completions) {
            assertThat(answer(completion)).isTrue();
        }
        for (int i = 0; i < keys.size(); i += 997) {
            assertThat(claim(keys.get(i), "other")).isEqualTo(new Claim.Completed());
        }
    }
}
