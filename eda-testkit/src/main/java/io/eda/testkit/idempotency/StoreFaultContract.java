package io.eda.testkit.idempotency;

import static io.eda.testkit.ServerFaults.Fault.COME_BACK;
import static io.eda.testkit.ServerFaults.Fault.CUT;
import static io.eda.testkit.ServerFaults.Fault.FREEZE;
import static io.eda.testkit.ServerFaults.Fault.GO_AWAY;
import static io.eda.testkit.ServerFaults.Fault.KILL;
import static io.eda.testkit.ServerFaults.Fault.THAW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.eda.idempotency.Claim;
import io.eda.idempotency.IdempotencyKey;
import io.eda.idempotency.IdempotencyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Owners die at every point, and servers go away: nobody is told a lie, nobody waits for ever. */
abstract class StoreFaultContract extends IdempotencyCases {

    private static final Duration SLACK = Duration.ofSeconds(5);

    StoreFaultContract(IdempotencyStoreContract suite) {
        super(suite);
    }

    @Test
    void an_owner_that_dies_before_its_claim_costs_nothing() throws Exception {
        IdempotencyKey key = key("mail");
        close(another(RETENTION));

        assertThat(claim(key, "next")).isEqualTo(new Claim.Granted("next"));
        assertThat(claim(key, "third")).isInstanceOf(Claim.InProgress.class);
    }

    @Test
    void an_owner_that_dies_after_its_claim_costs_the_lease() throws Exception {
        IdempotencyStore dying = isAlone() ? store() : another(RETENTION);
        IdempotencyKey key = key("mail");
        long claimed = System.nanoTime();
        Duration lease = Duration.ofMillis(500);
        assertThat(answer(dying.claim(key, "dead", lease))).isEqualTo(new Claim.Granted("dead"));
        close(dying);

        // Whether it died before the effect or after it, nobody can know: the heir repeats it.
        awaitGranted(key, "heir");

        assertThat(Duration.ofNanos(System.nanoTime() - claimed)).isGreaterThanOrEqualTo(lease.minusMillis(5));
        assertThat(answer(store().complete(key, "heir"))).isTrue();
        assertThat(claim(key, "third")).isEqualTo(new Claim.Completed());
    }

    @Test
    void an_owner_that_dies_after_its_completion_costs_nothing() throws Exception {
        IdempotencyStore dying = isAlone() ? store() : another(RETENTION);
        IdempotencyKey key = key("mail");
        answer(dying.claim(key, "dead", LEASE));
        assertThat(answer(dying.complete(key, "dead"))).isTrue();
        close(dying);

        assertThat(claim(key, "next")).isEqualTo(new Claim.Completed());
    }

    @Test
    void while_the_server_is_away_every_answer_fails_in_time() throws Exception {
        requires(GO_AWAY, COME_BACK);
        IdempotencyKey claimed = key("mail");
        claim(claimed, "token");
        faults().happen(GO_AWAY);
        try {
            assertFailInTime(claimed);
        } finally {
            faults().happen(COME_BACK);
        }
        awaitOwnership(claimed);
    }

    @Test
    void while_the_server_is_frozen_every_answer_fails_in_time() throws Exception {
        requires(FREEZE, THAW);
        IdempotencyKey claimed = key("mail");
        claim(claimed, "token");
        faults().happen(FREEZE);
        try {
            assertFailInTime(claimed);
        } finally {
            faults().happen(THAW);
        }
        awaitOwnership(claimed);
    }

    @Test
    void after_a_cut_a_claim_is_sent_again_and_has_one_owner() throws Exception {
        requires(CUT);
        for (int round = 0; round < 3; round++) {
            IdempotencyKey key = key("mail");
            claim(key, "token");
            CompletableFuture<Claim> onItsWay = store().claim(key, "token", LEASE);
            faults().happen(CUT);

            var unused = catchThrowable(() -> answer(onItsWay));
            Awaitility.await("the same token is granted again")
                    .atMost(patience())
                    .ignoreExceptions()
                    .until(() -> claim(key, "token").equals(new Claim.Granted("token")));
            assertThat(claim(key, "other")).isInstanceOf(Claim.InProgress.class);
        }
    }

    @Test
    void what_was_answered_survives_a_kill_of_the_server() throws Exception {
        requires(KILL);
        if (!suite().isDurable()) {
            throw suite().switchedOff().because("the memory is not declared durable");
        }
        IdempotencyKey completed = key("mail");
        IdempotencyKey claimed = key("mail");
        claim(completed, "token");
        assertThat(answer(store().complete(completed, "token"))).isTrue();
        claim(claimed, "token");

        faults().happen(KILL);

        awaitOwnership(claimed);
        assertThat(claim(completed, "other")).isEqualTo(new Claim.Completed());
        assertThat(answer(store().complete(claimed, "token"))).isTrue();
    }

    private void assertFailInTime(IdempotencyKey claimed) {
        long start = System.nanoTime();
        List<CompletableFuture<?>> futures = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            futures.add(store().claim(key("mail"), "token", LEASE));
        }
        futures.add(store().complete(claimed, "other"));
        futures.add(store().renew(claimed, "other", LEASE));
        futures.add(store().release(claimed, "other"));
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .as("the calls return at once")
                .isLessThan(SLACK);
        long limit = start + suite().deadline().plus(SLACK).toNanos();
        for (CompletableFuture<?> future : futures) {
            Throwable failure = catchThrowable(() -> future.get(limit - System.nanoTime(), TimeUnit.NANOSECONDS));
            assertThat(future).as("an answer by the deadline").isDone();
            assertThat(failure).as("the failure of an answer that nobody gave").isNotNull();
        }
    }

    /** Waits until the server answers again, that what was claimed before still is. */
    private void awaitOwnership(IdempotencyKey claimed) throws Exception {
        Awaitility.await("the server answers again")
                .atMost(patience())
                .ignoreExceptions()
                .until(() -> claim(claimed, "other") instanceof Claim.InProgress);
        assertThat(claim(claimed, "token")).isEqualTo(new Claim.Granted("token"));
    }

    private static void close(IdempotencyStore store) throws Exception {
        if (store instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }
}
