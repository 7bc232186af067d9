package io.eda.testkit.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import io.eda.idempotency.Claim;
import io.eda.idempotency.IdempotencyKey;
import io.eda.idempotency.IdempotencyStore;
import io.eda.testkit.Race;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Claims end with their lease, and completions with the retention: a dead owner blocks nobody for ever. */
abstract class LeaseContract extends IdempotencyCases {

    LeaseContract(IdempotencyStoreContract suite) {
        super(suite);
    }

    @Test
    void when_the_lease_is_over_and_not_before_another_is_granted() throws Exception {
        IdempotencyKey key = key("mail");
        Duration lease = Duration.ofMillis(300);
        long claimed = System.nanoTime();
        assertThat(claim(key, "dead", lease)).isEqualTo(new Claim.Granted("dead"));

        awaitGranted(key, "heir");

        // The store's clock, in whole milliseconds, may be one ahead of this one.
        assertThat(Duration.ofNanos(System.nanoTime() - claimed)).isGreaterThanOrEqualTo(lease.minusMillis(5));
        assertThat(claim(key, "third")).isInstanceOf(Claim.InProgress.class);
    }

    @Test
    void a_late_owner_changes_nothing_for_the_new_one() throws Exception {
        IdempotencyKey key = key("mail");
        claim(key, "late", Duration.ofMillis(50));
        awaitGranted(key, "new");

        assertThat(answer(store().complete(key, "late"))).as("a late complete").isFalse();
        assertThat(answer(store().release(key, "late"))).as("a late release").isFalse();
        assertThat(answer(store().renew(key, "late", LEASE)))
                .as("a late renewal")
                .isFalse();

        assertThat(claim(key, "third")).isInstanceOf(Claim.InProgress.class);
        assertThat(answer(store().complete(key, "new"))).isTrue();
        assertThat(answer(store().release(key, "late"))).isFalse();
        assertThat(answer(store().complete(key, "late"))).isFalse();
        assertThat(claim(key, "third")).isEqualTo(new Claim.Completed());
    }

    @Test
    void after_its_lease_nobody_holds_it_even_if_nobody_else_came() throws Exception {
        IdempotencyKey key = key("mail");
        claim(key, "late", Duration.ofMillis(50));
        IdempotencyKey witness = key("mail");
        claim(witness, "late", Duration.ofMillis(100));
        awaitGranted(witness, "witness");

        assertThat(answer(store().renew(key, "late", LEASE))).isFalse();
        assertThat(answer(store().complete(key, "late"))).isFalse();
        assertThat(answer(store().release(key, "late"))).isFalse();

        assertThat(claim(key, "next")).isEqualTo(new Claim.Granted("next"));
    }

    @Test
    void renewing_sets_when_the_lease_ends() throws Exception {
        IdempotencyKey key = key("mail");
        claim(key, "slow", Duration.ofSeconds(20));

        assertThat(answer(store().renew(key, "slow", Duration.ofHours(2)))).isTrue();
        assertThat(claim(key, "other"))
                .isInstanceOfSatisfying(Claim.InProgress.class, progress -> assertThat(progress.remaining())
                        .isBetween(Duration.ofHours(1), Duration.ofHours(2)));

        assertThat(answer(store().renew(key, "slow", Duration.ofMillis(50)))).isTrue();
        awaitGranted(key, "other");
    }

    @Test
    void a_completion_is_remembered_for_the_retention_and_not_longer() throws Exception {
        Duration retention = Duration.ofMillis(400);
        IdempotencyStore forgetful = another(retention);
        IdempotencyKey key = key("mail");
        answer(forgetful.claim(key, "first", LEASE));
        long completed = System.nanoTime();
        assertThat(answer(forgetful.complete(key, "first"))).isTrue();
        assertThat(answer(forgetful.claim(key, "second", LEASE))).isNotEqualTo(new Claim.Granted("second"));

        Awaitility.await("it is forgotten").atMost(patience()).until(() -> answer(forgetful.claim(key, "second", LEASE))
                .equals(new Claim.Granted("second")));

        assertThat(Duration.ofNanos(System.nanoTime() - completed)).isGreaterThanOrEqualTo(retention.minusMillis(5));
        assertThat(answer(forgetful.claim(key, "third", LEASE))).isInstanceOf(Claim.InProgress.class);
    }

    @Test
    void at_the_end_of_a_lease_the_old_owner_and_the_new_one_never_both_win() throws Exception {
        int wins = 0;
        for (int round = 0; round < 100; round++) {
            IdempotencyKey key = key("mail");
            claim(key, "old", Duration.ofMillis(2));
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(3_000_000));
            List<Object> answers = Race.run(List.<Callable<Object>>of(
                    () -> answer(store().complete(key, "old")), () -> answer(store().claim(key, "new", LEASE))));

            boolean isOldDone = answers.get(0).equals(true);
            boolean isNewGranted = answers.get(1).equals(new Claim.Granted("new"));
            assertThat(isOldDone && isNewGranted)
                    .as("the old owner completed and the new one was granted")
                    .isFalse();
            if (isOldDone) {
                assertThat(claim(key, "third")).isEqualTo(new Claim.Completed());
            } else if (isNewGranted) {
                assertThat(claim(key, "third")).isInstanceOf(Claim.InProgress.class);
            }
            wins += isOldDone || isNewGranted ? 1 : 0;
        }
        assertThat(wins).as("rounds that somebody won").isPositive();
    }

    @Test
    void every_key_ends_by_itself() throws Exception {
        IdempotencyKey claimed = key("mail");
        IdempotencyKey renewed = key("mail");
        IdempotencyKey completed = key("mail");
        IdempotencyKey released = key("mail");
        for (IdempotencyKey key : List.of(claimed, renewed, completed, released)) {
            claim(key, "token");
        }
        assertThat(answer(store().renew(renewed, "token", LEASE.multipliedBy(2))))
                .isTrue();
        assertThat(answer(store().complete(completed, "token"))).isTrue();
        assertThat(answer(store().release(released, "token"))).isTrue();

        assertEndsWithin(LEASE, claimed);
        assertEndsWithin(LEASE.multipliedBy(2), renewed);
        assertEndsWithin(RETENTION, completed);
        assertThat(timeToLive(released)).isEmpty();
    }

    private void assertEndsWithin(Duration limit, IdempotencyKey key) throws Exception {
        Optional<Duration> left = timeToLive(key);
        assertThat(left).as("the time to live of a key that is known").isPresent();
        assertThat(left.orElseThrow()).isPositive().isLessThanOrEqualTo(limit);
        assertThat(left.orElseThrow()).isGreaterThan(limit.minus(patience()).minus(patience()));
    }
}
