package io.eda.inmemory;

import static org.assertj.core.api.Assertions.assertThat;

import io.eda.MutableClock;
import io.eda.idempotency.Claim;
import io.eda.idempotency.IdempotencyKey;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class InMemoryIdempotencyStoreTest {

    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final Duration RETENTION = Duration.ofHours(1);

    private final MutableClock clock = new MutableClock();
    private final InMemoryIdempotencyStore store = new InMemoryIdempotencyStore(clock, RETENTION);
    private final IdempotencyKey key = new IdempotencyKey("mail", new UUID(7, 7));

    @Test
    void of_many_racing_claims_exactly_one_wins() {
        List<Claim> claims = IntStream.range(0, 100)
                .parallel()
                .mapToObj(i -> store.claim(key, "token-" + i, LEASE).join())
                .toList();
        assertThat(claims).filteredOn(claim -> claim instanceof Claim.Granted).hasSize(1);
        assertThat(claims)
                .filteredOn(claim -> claim instanceof Claim.InProgress)
                .hasSize(99);
    }

    @Test
    void a_claim_repeated_with_its_token_wins_again() {
        assertThat(claim("a")).isEqualTo(new Claim.Granted("a"));
        assertThat(claim("a")).isEqualTo(new Claim.Granted("a"));
    }

    @Test
    void in_progress_tells_how_long_the_lease_lasts() {
        claim("a");
        clock.advance(Duration.ofSeconds(4));
        assertThat(claim("b")).isEqualTo(new Claim.InProgress(Duration.ofSeconds(6)));
    }

    @Test
    void an_expired_lease_lets_another_claim() {
        claim("a");
        clock.advance(LEASE);
        assertThat(claim("b")).isEqualTo(new Claim.Granted("b"));
    }

    @Test
    void a_late_owner_can_neither_complete_nor_renew_nor_release() {
        claim("a");
        clock.advance(LEASE);
        claim("b");
        assertThat(store.complete(key, "a").join()).isFalse();
        assertThat(store.renew(key, "a", LEASE).join()).isFalse();
        assertThat(store.release(key, "a").join()).isFalse();
        assertThat(claim("c")).isInstanceOf(Claim.InProgress.class);
        assertThat(store.complete(key, "b").join()).isTrue();
    }

    @Test
    void a_completed_event_is_known_until_the_retention_ends() {
        claim("a");
        assertThat(store.complete(key, "a").join()).isTrue();
        assertThat(store.complete(key, "a").join()).isTrue();
        clock.advance(RETENTION.minusMillis(1));
        assertThat(claim("b")).isEqualTo(new Claim.Completed());
        clock.advance(Duration.ofMillis(1));
        assertThat(claim("b")).isEqualTo(new Claim.Granted("b"));
    }

    @Test
    void a_look_tells_what_is_known_and_changes_nothing() {
        assertThat(store.look(key).join()).isEmpty();
        claim("a");
        clock.advance(Duration.ofSeconds(4));
        assertThat(store.look(key).join()).contains(new Claim.InProgress(Duration.ofSeconds(6)));
        clock.advance(Duration.ofSeconds(6));
        assertThat(store.look(key).join()).isEmpty();
        claim("b");
        store.complete(key, "b").join();
        assertThat(store.look(key).join()).contains(new Claim.Completed());
        clock.advance(RETENTION);
        assertThat(store.look(key).join()).isEmpty();
    }

    @Test
    void a_released_event_can_be_claimed_at_once() {
        claim("a");
        assertThat(store.release(key, "a").join()).isTrue();
        assertThat(claim("b")).isEqualTo(new Claim.Granted("b"));
    }

    @Test
    void a_renewed_lease_lasts_from_then_on() {
        claim("a");
        clock.advance(Duration.ofSeconds(9));
        assertThat(store.renew(key, "a", LEASE).join()).isTrue();
        clock.advance(Duration.ofSeconds(9));
        assertThat(claim("b")).isInstanceOf(Claim.InProgress.class);
    }

    @Test
    void every_group_claims_for_itself() {
        claim("a");
        assertThat(store.claim(new IdempotencyKey("audit", key.eventId()), "b", LEASE)
                        .join())
                .isEqualTo(new Claim.Granted("b"));
    }

    private Claim claim(String token) {
        return store.claim(key, token, LEASE).join();
    }
}
