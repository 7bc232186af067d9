package io.eda.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.eda.Accounts;
import io.eda.Accounts.Deposited;
import io.eda.inmemory.InMemoryCheckpointStore;
import io.eda.inmemory.InMemoryEventStorage;
import io.eda.projection.FailedEvent.Kind;
import io.eda.retry.Backoff;
import io.eda.serialization.JacksonEventSerializer;
import io.eda.store.EventStore;
import io.eda.store.ExpectedVersion;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One event that cannot be handled, among others that can. The read model is a set, so that repetition shows nothing. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class FailingEventsTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Backoff QUICK = new Backoff(Duration.ofMillis(1), Duration.ofMillis(5));
    private static final Backoff SLOW = new Backoff(Duration.ofSeconds(1_000), Duration.ofSeconds(1_000));

    private final EventStore store =
            new EventStore(new InMemoryEventStorage(), new JacksonEventSerializer(Accounts.TYPES));
    private final Set<String> seen = new ConcurrentSkipListSet<>();
    private final InMemoryCheckpointStore<Set<String>> checkpoints = new InMemoryCheckpointStore<>(seen);
    private final AtomicInteger attempts = new AtomicInteger();
    private volatile boolean isBroken = true;

    private final Projection<Set<String>> projection = Projection.<Set<String>>named("seen")
            .on(Deposited.class, (event, read) -> {
                if (event.data().cents() == 13 && isBroken) {
                    attempts.incrementAndGet();
                    throw new IllegalStateException("unlucky");
                }
                read.add(event.aggregateId().id() + ":" + event.data().cents());
            })
            .clearedBy(Set::clear)
            .build();

    @Test
    void by_default_it_stands_before_the_event_says_why_and_goes_on_when_it_is_resumed() throws Exception {
        deposit("ada", 1);
        deposit("bob", 2);
        deposit("ada", 13);
        long last = deposit("bob", 4);
        try (var runner = run(2, SLOW, OnFailure.PAUSE)) {
            await().atMost(SOON).until(() -> runner.progress().failure().isPresent());
            assertThat(runner.progress().failure().orElseThrow())
                    .isInstanceOf(EventNotHandledException.class)
                    .hasMessageContaining("account/ada")
                    .hasMessageContaining("position 3")
                    .hasMessageContaining("unlucky");
            assertThat(checkpoints.position("seen")).isEqualTo(2);
            assertThat(seen).containsExactlyInAnyOrder("ada:1", "bob:2");
            isBroken = false;
            runner.resume();
            runner.awaitPosition(last, SOON);
            assertThat(seen).containsExactlyInAnyOrder("ada:1", "bob:2", "ada:13", "bob:4");
            assertThat(runner.progress().failure()).isEmpty();
        }
    }

    @Test
    void a_skipped_event_is_noted_and_hurts_no_other() throws Exception {
        deposit("ada", 1);
        deposit("ada", 13);
        long last = deposit("ada", 3);
        try (var runner = run(3, QUICK, OnFailure.SKIP)) {
            runner.awaitPosition(last, SOON);
            assertThat(seen).containsExactlyInAnyOrder("ada:1", "ada:3");
            assertThat(runner.parked().list(0, 10)).singleElement().satisfies(event -> {
                assertThat(event.position()).isEqualTo(2);
                assertThat(event.kind()).isEqualTo(Kind.SKIPPED);
                assertThat(event.attempts()).isEqualTo(3);
                assertThat(event.error()).contains("unlucky");
            });
            assertThat(runner.parked().aggregates()).isEmpty();
        }
    }

    @Test
    void a_parked_event_holds_back_its_aggregate_alone_and_is_replayed_in_order() throws Exception {
        deposit("ada", 1);
        deposit("ada", 13);
        deposit("bob", 2);
        deposit("ada", 3);
        try (var runner = run(2, QUICK, OnFailure.PARK_KEY)) {
            runner.awaitPosition(deposit("bob", 4), SOON);
            runner.awaitPosition(deposit("ada", 5), SOON);
            assertThat(seen).containsExactlyInAnyOrder("ada:1", "bob:2", "bob:4");
            var parked = runner.parked();
            assertThat(parked.aggregates()).containsExactly(Accounts.ACCOUNT.id("ada"));
            assertThat(parked.list(0, 10)).extracting(FailedEvent::position).containsExactly(2L, 4L, 6L);
            assertThat(parked.list(0, 10)).filteredOn(FailedEvent::isFirst).hasSize(1);

            assertThatThrownBy(() -> parked.replay(Accounts.ACCOUNT.id("ada")))
                    .isInstanceOf(EventNotHandledException.class);
            assertThat(parked.list(0, 10)).extracting(FailedEvent::position).containsExactly(2L, 4L, 6L);

            isBroken = false;
            long before = checkpoints.position("seen");
            assertThat(parked.replay(Accounts.ACCOUNT.id("ada"))).isEqualTo(3);
            assertThat(checkpoints.position("seen")).isEqualTo(before);
            assertThat(seen).contains("ada:13", "ada:3", "ada:5");
            assertThat(parked.list(0, 10)).isEmpty();

            runner.awaitPosition(deposit("ada", 6), SOON);
            assertThat(seen).contains("ada:6");
        }
    }

    @Test
    void parked_events_survive_the_runner_and_can_be_dropped() throws Exception {
        deposit("ada", 13);
        try (var runner = run(1, QUICK, OnFailure.PARK_KEY)) {
            runner.awaitPosition(deposit("ada", 2), SOON);
        }
        try (var runner = run(1, QUICK, OnFailure.PARK_KEY)) {
            runner.awaitPosition(deposit("ada", 3), SOON);
            assertThat(seen).isEmpty();
            assertThat(runner.parked().drop(Accounts.ACCOUNT.id("ada"))).isEqualTo(3);
            runner.awaitPosition(deposit("ada", 4), SOON);
            assertThat(seen).containsExactly("ada:4");
        }
    }

    @Test
    void a_reset_forgets_what_was_parked() throws Exception {
        deposit("ada", 13);
        try (var runner = run(1, QUICK, OnFailure.PARK_KEY)) {
            long last = deposit("ada", 2);
            runner.awaitPosition(last, SOON);
            isBroken = false;
            runner.reset();
            runner.awaitPosition(last, SOON);
            assertThat(seen).containsExactlyInAnyOrder("ada:13", "ada:2");
            assertThat(runner.parked().list(0, 10)).isEmpty();
        }
    }

    private ProjectionRunner<Set<String>> run(int tries, Backoff backoff, OnFailure onFailure) {
        return ProjectionRunner.of(
                        projection,
                        store,
                        checkpoints,
                        FollowOptions.defaults().withFailures(tries, backoff, onFailure))
                .start();
    }

    private long deposit(String account, long cents) {
        return store.append(Accounts.ACCOUNT.id(account), ExpectedVersion.any(), List.of(new Deposited(cents)))
                .lastPosition();
    }
}
