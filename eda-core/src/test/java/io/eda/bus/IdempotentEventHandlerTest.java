package io.eda.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eda.Accounts;
import io.eda.Accounts.Deposited;
import io.eda.MutableClock;
import io.eda.event.Event;
import io.eda.event.EventType;
import io.eda.event.Metadata;
import io.eda.idempotency.Claim;
import io.eda.idempotency.IdempotencyKey;
import io.eda.idempotency.IdempotencyStore;
import io.eda.inmemory.InMemoryIdempotencyStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class IdempotentEventHandlerTest {

    private static final Duration LEASE = Duration.ofSeconds(10);

    private final MutableClock clock = new MutableClock();
    private final InMemoryIdempotencyStore store = new InMemoryIdempotencyStore(clock, Duration.ofHours(1));
    private final List<Event<?>> effects = new ArrayList<>();
    private final Event<?> event = new Event<>(
            new UUID(7, 7),
            EventType.of("money.deposited"),
            clock.instant(),
            "talk",
            "cause",
            Accounts.ACCOUNT.id("ada"),
            1,
            new Deposited(5),
            Metadata.empty());

    @Test
    void an_event_that_comes_twice_has_one_effect() throws Exception {
        EventHandler handler = guarded(effects::add);
        handler.handle(event);
        handler.handle(event);
        assertThat(effects).hasSize(1);
    }

    @Test
    void a_failed_event_is_released_and_can_be_handled_at_once() throws Exception {
        assertThatThrownBy(() -> guarded(e -> {
                            throw new IOException("down");
                        })
                        .handle(event))
                .isInstanceOf(IOException.class);
        guarded(effects::add).handle(event);
        assertThat(effects).hasSize(1);
    }

    @Test
    void an_event_in_progress_elsewhere_is_not_acknowledged() throws Exception {
        claimElsewhere();
        clock.advance(Duration.ofSeconds(3));
        assertThatThrownBy(() -> guarded(effects::add).handle(event))
                .isInstanceOfSatisfying(EventInProgressException.class, e -> assertThat(e.remaining())
                        .isEqualTo(Duration.ofSeconds(7)));
        assertThat(effects).isEmpty();
    }

    @Test
    void an_owner_that_died_after_its_claim_delays_the_event_by_its_lease_and_loses_nothing() throws Exception {
        claimElsewhere();
        clock.advance(LEASE);
        guarded(effects::add).handle(event);
        assertThat(effects).hasSize(1);
    }

    @Test
    void a_handler_slower_than_its_lease_leaves_the_newer_owners_claim_alone() throws Exception {
        guarded(e -> {
                    clock.advance(LEASE);
                    claimElsewhere();
                })
                .handle(event);
        assertThat(store.claim(key(), "third", LEASE).join()).isInstanceOf(Claim.InProgress.class);
    }

    @Test
    void when_the_store_cannot_be_asked_the_handler_is_not_called() {
        IdempotencyStore down = new UnreachableStore();
        assertThatThrownBy(() -> new IdempotentEventHandler("mail", down, LEASE, effects::add).handle(event))
                .isInstanceOf(IOException.class);
        assertThat(effects).isEmpty();
    }

    private EventHandler guarded(EventHandler handler) {
        return new IdempotentEventHandler("mail", store, LEASE, handler);
    }

    private void claimElsewhere() {
        assertThat(store.claim(key(), "elsewhere", LEASE).join()).isInstanceOf(Claim.Granted.class);
    }

    private IdempotencyKey key() {
        return new IdempotencyKey("mail", event.eventId());
    }

    private static final class UnreachableStore implements IdempotencyStore {
        @Override
        public CompletableFuture<Claim> claim(IdempotencyKey key, String token, Duration lease) {
            return CompletableFuture.failedFuture(new IOException("connection refused"));
        }

        @Override
        public CompletableFuture<Boolean> complete(IdempotencyKey key, String token) {
            return CompletableFuture.failedFuture(new IOException("connection refused"));
        }

        @Override
        public CompletableFuture<Boolean> renew(IdempotencyKey key, String token, Duration lease) {
            return CompletableFuture.failedFuture(new IOException("connection refused"));
        }

        @Override
        public CompletableFuture<Boolean> release(IdempotencyKey key, String token) {
            return CompletableFuture.failedFuture(new IOException("connection refused"));
        }
    }
}
