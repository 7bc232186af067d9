package io.eda.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.eda.Accounts;
import io.eda.Accounts.Deposited;
import io.eda.Accounts.Opened;
import io.eda.Accounts.Withdrawn;
import io.eda.inmemory.InMemoryCheckpointStore;
import io.eda.inmemory.InMemoryEventStorage;
import io.eda.serialization.JacksonEventSerializer;
import io.eda.store.EventStore;
import io.eda.store.ExpectedVersion;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class ProjectionRunnerTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final EventStore store =
            new EventStore(new InMemoryEventStorage(), new JacksonEventSerializer(Accounts.TYPES));
    private final Map<String, Long> balances = new ConcurrentHashMap<>();
    private final InMemoryCheckpointStore<Map<String, Long>> checkpoints = new InMemoryCheckpointStore<>(balances);
    private final Projection<Map<String, Long>> projection = Projection.<Map<String, Long>>named("balances")
            .on(
                    Deposited.class,
                    (event, read) ->
                            read.merge(event.aggregateId().id(), event.data().cents(), Long::sum))
            .on(
                    Withdrawn.class,
                    (event, read) ->
                            read.merge(event.aggregateId().id(), -event.data().cents(), Long::sum))
            .clearedBy(Map::clear)
            .build();

    @Test
    void a_projection_without_a_handler_is_refused() {
        assertThatThrownBy(() -> Projection.named("empty").build()).hasMessageContaining("handles no event");
    }

    @Test
    void a_second_handler_for_a_class_is_refused() {
        var builder = Projection.<Object>named("twice").on(Opened.class, (event, read) -> {});
        assertThatThrownBy(() -> builder.on(Opened.class, (event, read) -> {}))
                .hasMessageContaining("'twice' has a handler for Opened already");
    }

    @Test
    void it_catches_up_and_then_follows() throws Exception {
        for (int i = 0; i < 1_200; i++) {
            append("ada", new Deposited(1));
        }
        try (var runner = run()) {
            runner.awaitPosition(1_200, SOON);
            assertThat(balances).containsExactly(Map.entry("ada", 1_200L));
            long position = append("ada", new Withdrawn(200));
            runner.awaitPosition(position, SOON);
            assertThat(balances).containsEntry("ada", 1_000L);
        }
    }

    @Test
    void it_goes_on_from_its_checkpoint() throws Exception {
        try (var runner = run()) {
            runner.awaitPosition(append("ada", new Deposited(1)), SOON);
        }
        long position = append("ada", new Deposited(1));
        try (var runner = run()) {
            runner.awaitPosition(position, SOON);
        }
        assertThat(balances).containsEntry("ada", 2L);
    }

    @Test
    void waiting_in_vain_tells_where_it_stands_and_why() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        var failing = Projection.<Map<String, Long>>named("failing")
                .on(Deposited.class, (event, read) -> {
                    attempts.incrementAndGet();
                    throw new IllegalStateException("no such column");
                })
                .build();
        append("ada", new Deposited(1));
        try (var runner = ProjectionRunner.of(failing, store, checkpoints).start()) {
            await().until(() -> attempts.get() > 1);
            assertThatThrownBy(() -> runner.awaitPosition(1, Duration.ofMillis(50)))
                    .isInstanceOf(PositionNotReachedException.class)
                    .hasMessageContaining("position 1")
                    .hasMessageContaining("'failing' is at position 0")
                    .hasMessageContaining("no such column");
            assertThat(runner.progress().failure()).isPresent();
        }
        assertThat(checkpoints.position("failing")).isZero();
    }

    @Test
    void after_a_failure_it_tries_again_until_it_succeeds() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        var shaky = Projection.<Map<String, Long>>named("shaky")
                .on(Deposited.class, (event, read) -> {
                    if (attempts.incrementAndGet() < 3) {
                        throw new IllegalStateException("not yet");
                    }
                })
                .build();
        long position = append("ada", new Deposited(1));
        try (var runner = ProjectionRunner.of(shaky, store, checkpoints).start()) {
            runner.awaitPosition(position, SOON);
            assertThat(attempts).hasValue(3);
            assertThat(runner.progress().failure()).isEmpty();
            assertThat(runner.progress().lag()).isZero();
        }
    }

    @Test
    void a_reset_builds_the_read_model_again() throws Exception {
        long position = append("ada", new Deposited(5));
        try (var runner = run()) {
            runner.awaitPosition(position, SOON);
            balances.put("ada", 666L);
            balances.put("nobody", 1L);
            runner.reset();
            runner.awaitPosition(position, SOON);
            assertThat(balances).containsExactly(Map.entry("ada", 5L));
        }
    }

    @Test
    void a_reset_while_events_come_ends_with_the_truth() throws Exception {
        try (var runner = run()) {
            long position = 0;
            for (int i = 0; i < 400; i++) {
                position = append("ada", new Deposited(1));
                if (i % 40 == 0) {
                    runner.reset();
                }
            }
            runner.awaitPosition(position, SOON);
            assertThat(balances).containsExactly(Map.entry("ada", 400L));
        }
    }

    @Test
    void a_projection_that_cannot_be_emptied_refuses_the_reset() {
        var fixed = Projection.<Map<String, Long>>named("fixed")
                .on(Deposited.class, (event, read) -> {})
                .build();
        try (var runner = ProjectionRunner.of(fixed, store, checkpoints)) {
            assertThatThrownBy(runner::reset).hasMessageContaining(".clearedBy(");
        }
    }

    @Test
    void of_two_runners_of_one_name_every_event_takes_effect_once() throws Exception {
        try (var first = run();
                var second = run()) {
            long position = 0;
            for (int i = 0; i < 300; i++) {
                position = append("ada", new Deposited(1));
            }
            first.awaitPosition(position, SOON);
            second.awaitPosition(position, SOON);
            assertThat(balances).containsEntry("ada", 300L);
        }
    }

    @Test
    void events_of_other_kinds_move_it_on_without_a_call() throws Exception {
        append("ada", new Opened("Ada"));
        long position = append("bob", new Opened("Bob"));
        try (var runner = run()) {
            runner.awaitPosition(position, SOON);
            assertThat(balances).isEmpty();
        }
    }

    @Test
    void it_runs_once() {
        var runner = run();
        assertThatThrownBy(runner::start).hasMessageContaining("started already");
        runner.close();
        runner.close();
        assertThatThrownBy(runner::start).hasMessageContaining("closed already");
    }

    @Test
    void closing_waits_for_the_page_at_hand() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        var slow = Projection.<Map<String, Long>>named("slow")
                .on(Deposited.class, (event, read) -> {
                    begun.countDown();
                    goOn.await();
                })
                .build();
        append("ada", new Deposited(1));
        var runner = ProjectionRunner.of(slow, store, checkpoints).start();
        begun.await();
        Thread closing = new Thread(runner::close);
        closing.start();
        goOn.countDown();
        closing.join();
        assertThat(checkpoints.position("slow")).isEqualTo(1);
    }

    private ProjectionRunner<Map<String, Long>> run() {
        return ProjectionRunner.of(projection, store, checkpoints).start();
    }

    private long append(String account, Accounts.Fact fact) {
        return store.append(Accounts.ACCOUNT.id(account), ExpectedVersion.any(), List.of(fact))
                .lastPosition();
    }
}
