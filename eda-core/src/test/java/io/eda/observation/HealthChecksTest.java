package io.eda.observation;

import static org.assertj.core.api.Assertions.assertThat;

import io.eda.Accounts;
import io.eda.Accounts.Deposited;
import io.eda.bus.EventBus;
import io.eda.bus.SubscriptionOptions;
import io.eda.idempotency.Claim;
import io.eda.idempotency.IdempotencyKey;
import io.eda.idempotency.IdempotencyStore;
import io.eda.inmemory.InMemoryCheckpointStore;
import io.eda.inmemory.InMemoryEventStorage;
import io.eda.inmemory.InMemoryIdempotencyStore;
import io.eda.inmemory.InMemoryTransport;
import io.eda.observation.Health.Status;
import io.eda.outbox.OutboxRelay;
import io.eda.projection.FollowOptions;
import io.eda.projection.OnFailure;
import io.eda.projection.Projection;
import io.eda.projection.ProjectionRunner;
import io.eda.retry.Backoff;
import io.eda.retry.RetryPolicy;
import io.eda.serialization.JacksonEventSerializer;
import io.eda.store.EventStore;
import io.eda.store.ExpectedVersion;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class HealthChecksTest {

    private static final Backoff QUICK = new Backoff(Duration.ofMillis(1), Duration.ofMillis(5));

    private final InMemoryEventStorage storage = new InMemoryEventStorage();
    private final JacksonEventSerializer json = new JacksonEventSerializer(Accounts.TYPES);
    private final EventStore store = new EventStore(storage, json);
    private final Set<String> seen = new ConcurrentSkipListSet<>();
    private final InMemoryCheckpointStore<Set<String>> checkpoints = new InMemoryCheckpointStore<>(seen);
    private volatile boolean isBroken = true;

    private final Projection<Set<String>> projection = Projection.<Set<String>>named("seen")
            .on(Deposited.class, (event, read) -> {
                if (isBroken) {
                    throw new IllegalStateException("the card of Zacharias");
                }
            })
            .build();

    @Test
    void where_all_is_well_every_part_says_so() {
        try (EventBus bus = new EventBus(InMemoryTransport.confirmingWhenHandled(), json);
                var relay =
                        OutboxRelay.builder("relay", storage, checkpoints, bus).start();
                var subscription = bus.subscribe(SubscriptionOptions.forGroup("mail"), event -> {});
                HealthChecks health = HealthChecks.builder()
                        .timeout(Duration.ofSeconds(30))
                        .store(storage)
                        .relay(relay)
                        .subscription(subscription)
                        .deadLetters(bus, "mail")
                        .deduplication(new InMemoryIdempotencyStore())
                        .build()) {
            await().untilAsserted(() -> assertThat(health.check())
                    .allSatisfy(part ->
                            assertThat(part.status()).as(part.toString()).isEqualTo(Status.UP))
                    .extracting(Health::part)
                    .containsExactly(
                            "store", "relay relay", "subscription mail", "dead letters mail", "deduplication"));
        }
    }

    @Test
    void a_part_that_hangs_is_down_in_time_and_is_asked_once_however_often_somebody_looks() throws Exception {
        CompletableFuture<Optional<Claim>> answer = new CompletableFuture<>();
        SlowClaims hanging = new SlowClaims(answer);
        try (HealthChecks health = HealthChecks.builder()
                .timeout(Duration.ofMillis(200))
                .store(storage)
                .deduplication(hanging)
                .build()) {
            for (int i = 0; i < 3; i++) {
                assertThat(health.check()).extracting(Health::status).last().isEqualTo(Status.DOWN);
            }
            assertThat(health.check().get(1).reason()).startsWith("it has not answered for ");
            assertThat(hanging.questions).hasValue(1);
            answer.complete(Optional.empty());
            await().untilAsserted(() ->
                    assertThat(health.check()).extracting(Health::status).last().isEqualTo(Status.UP));
        }
    }

    @Test
    void what_a_part_throws_is_its_reason_without_secrets() {
        try (HealthChecks health = HealthChecks.builder()
                .timeout(Duration.ofSeconds(30))
                .deduplication(new SlowClaims(CompletableFuture.failedFuture(
                        new IllegalStateException("no redis://app:hush@host:6379?password=hush&db=1"))))
                .build()) {
            Health part = health.check().get(0);
            assertThat(part.status()).isEqualTo(Status.DOWN);
            assertThat(part.reason()).contains("redis://***@host:6379", "db=1").doesNotContain("hush");
            assertThat(part.hint()).isNotEmpty();
        }
    }

    @Test
    void a_projection_that_stands_is_down_and_its_reason_holds_no_data() throws Exception {
        store.append(Accounts.ACCOUNT.id("ada"), ExpectedVersion.any(), List.of(new Deposited(1)));
        try (var runner = run(OnFailure.PAUSE);
                HealthChecks health = HealthChecks.builder()
                        .timeout(Duration.ofSeconds(30))
                        .projection(runner)
                        .build()) {
            await().untilAsserted(
                            () -> assertThat(health.check().get(0).status()).isEqualTo(Status.DOWN));
            Health part = health.check().get(0);
            assertThat(part.reason())
                    .contains("money.deposited", "with java.lang.IllegalStateException")
                    .doesNotContain("Zacharias");
            assertThat(part.hint()).contains("resume()");
            isBroken = false;
            runner.resume();
            await().untilAsserted(
                            () -> assertThat(health.check().get(0).status()).isEqualTo(Status.UP));
        }
    }

    @Test
    void parked_events_and_a_lag_want_a_look() throws Exception {
        store.append(Accounts.ACCOUNT.id("ada"), ExpectedVersion.any(), List.of(new Deposited(1)));
        try (var runner = run(OnFailure.PARK_KEY);
                HealthChecks health = HealthChecks.builder()
                        .timeout(Duration.ofSeconds(30))
                        .projection(runner)
                        .build()) {
            runner.awaitPosition(1, Duration.ofSeconds(45));
            assertThat(health.check().get(0).status()).isEqualTo(Status.DEGRADED);
            assertThat(health.check().get(0).reason()).isEqualTo("events of 1 aggregates are parked");
        }
        try (var idle = ProjectionRunner.of(
                        Projection.<Set<String>>named("idle")
                                .on(Deposited.class, (event, read) -> {})
                                .build(),
                        store,
                        checkpoints);
                HealthChecks health = HealthChecks.builder()
                        .timeout(Duration.ofSeconds(30))
                        .maxLag(0)
                        .projection(idle)
                        .build()) {
            assertThat(health.check().get(0).status()).isEqualTo(Status.DEGRADED);
            assertThat(health.check().get(0).reason()).contains("position 0 of 1");
        }
    }

    @Test
    void a_dead_letter_that_waits_wants_a_look_and_a_closed_subscription_is_down() {
        try (EventBus bus = new EventBus(InMemoryTransport.confirmingWhenAccepted(), json);
                var relay =
                        OutboxRelay.builder("relay", storage, checkpoints, bus).start()) {
            var failing = bus.subscribe(SubscriptionOptions.forGroup("mail").withRetry(RetryPolicy.once()), event -> {
                throw new IllegalStateException("the card of Zacharias");
            });
            try (HealthChecks health = HealthChecks.builder()
                    .timeout(Duration.ofSeconds(30))
                    .subscription(failing)
                    .deadLetters(bus, "mail")
                    .build()) {
                store.append(Accounts.ACCOUNT.id("ada"), ExpectedVersion.any(), List.of(new Deposited(1)));
                await().untilAsserted(
                                () -> assertThat(health.check().get(1).status()).isEqualTo(Status.DEGRADED));
                assertThat(health.check().get(1).reason())
                        .contains("money.deposited", "EXHAUSTED after 1 attempts")
                        .doesNotContain("Zacharias");
                failing.close();
                assertThat(health.check().get(0).status()).isEqualTo(Status.DOWN);
                assertThat(Health.worst(health.check())).isEqualTo(Status.DOWN);
            }
        }
    }

    @Test
    void closed_checks_still_answer() {
        HealthChecks health = HealthChecks.builder().store(storage).build();
        health.close();
        assertThat(health.check()).singleElement().satisfies(part -> assertThat(part.status())
                .isEqualTo(Status.DOWN));
    }

    private ProjectionRunner<Set<String>> run(OnFailure onFailure) {
        return ProjectionRunner.of(
                        projection, store, checkpoints, FollowOptions.defaults().withFailures(2, QUICK, onFailure))
                .start();
    }

    /** A store of claims whose answer to every look is the same, whenever it comes. */
    private static final class SlowClaims implements IdempotencyStore {

        private final CompletableFuture<Optional<Claim>> answer;
        private final AtomicInteger questions = new AtomicInteger();

        private SlowClaims(CompletableFuture<Optional<Claim>> answer) {
            this.answer = answer;
        }

        @Override
        public CompletableFuture<Optional<Claim>> look(IdempotencyKey key) {
            questions.incrementAndGet();
            return answer;
        }

        @Override
        public CompletableFuture<Claim> claim(IdempotencyKey key, String token, Duration lease) {
            return new CompletableFuture<>();
        }

        @Override
        public CompletableFuture<Boolean> complete(IdempotencyKey key, String token) {
            return new CompletableFuture<>();
        }

        @Override
        public CompletableFuture<Boolean> renew(IdempotencyKey key, String token, Duration lease) {
            return new CompletableFuture<>();
        }

        @Override
        public CompletableFuture<Boolean> release(IdempotencyKey key, String token) {
            return new CompletableFuture<>();
        }
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(45)).pollInterval(Duration.ofMillis(10));
    }
}
