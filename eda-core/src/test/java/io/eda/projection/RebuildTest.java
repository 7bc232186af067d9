package io.eda.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.eda.Accounts;
import io.eda.Accounts.Deposited;
import io.eda.inmemory.InMemoryCheckpointStore;
import io.eda.inmemory.InMemoryEventStorage;
import io.eda.serialization.JacksonEventSerializer;
import io.eda.store.EventStore;
import io.eda.store.ExpectedVersion;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class RebuildTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final FollowOptions OPTIONS = FollowOptions.defaults().withPageSize(10);

    /** Two tables, the live one and the next one; a swap lets them change places. */
    private static final class Tables {
        private Map<String, Long> live = new ConcurrentHashMap<>();
        private Map<String, Long> next = new ConcurrentHashMap<>();
    }

    private final EventStore store =
            new EventStore(new InMemoryEventStorage(), new JacksonEventSerializer(Accounts.TYPES));
    private final Tables tables = new Tables();
    private final InMemoryCheckpointStore<Tables> checkpoints = new InMemoryCheckpointStore<>(tables);
    private volatile long standAt = Long.MAX_VALUE;

    private final Projection<Tables> live = Projection.<Tables>named("balances")
            .on(Deposited.class, (event, read) -> {
                if (event.aggregateVersion() >= standAt) {
                    throw new IllegalStateException("not yet");
                }
                read.live.merge(event.aggregateId().id(), event.data().cents(), Long::sum);
            })
            .clearedBy(read -> read.live.clear())
            .build();
    private final Projection<Tables> next = Projection.<Tables>named("balances-2")
            .on(
                    Deposited.class,
                    (event, read) -> read.next.merge(
                            event.aggregateId().id(), event.data().cents(), Long::sum))
            .clearedBy(read -> read.next.clear())
            .build();

    @Test
    void the_next_one_takes_over_while_events_come_and_nothing_is_missed_or_doubled() throws Exception {
        deposit(500);
        try (var runner = run()) {
            runner.awaitPosition(500, SOON);
            tables.live.put("ada", 666L);
            Thread writer = new Thread(() -> deposit(300));
            writer.start();
            try (var rebuild = Rebuild.start(live, next, store, checkpoints, OPTIONS)) {
                rebuild.takeOver(RebuildTest::swap, SOON);
            }
            writer.join();
            runner.awaitPosition(800, SOON);
            assertThat(tables.live).containsExactly(Map.entry("ada", 800L));
        }
    }

    @Test
    void it_can_be_done_again() throws Exception {
        try (var runner = run()) {
            for (int i = 1; i <= 2; i++) {
                runner.awaitPosition(deposit(30), SOON);
                try (var rebuild = Rebuild.start(live, next, store, checkpoints, OPTIONS)) {
                    rebuild.takeOver(RebuildTest::swap, SOON);
                }
                assertThat(tables.live).containsExactly(Map.entry("ada", 30L * i));
            }
        }
    }

    @Test
    void a_second_one_is_refused_and_a_stopped_one_goes_on_where_it_was() throws Exception {
        deposit(50);
        try (var runner = run()) {
            runner.awaitPosition(50, SOON);
            try (var rebuild = Rebuild.start(live, next, store, checkpoints, OPTIONS)) {
                await().atMost(SOON).until(() -> rebuild.progress().position() == 50);
                assertThatThrownBy(() -> Rebuild.start(live, next, store, checkpoints, OPTIONS))
                        .isInstanceOf(RebuildRefusedException.class)
                        .hasMessageContaining("'balances' is being rebuilt already");
            }
            tables.next.put("marked", 1L);
            try (var rebuild = Rebuild.start(live, next, store, checkpoints, OPTIONS)) {
                rebuild.takeOver(RebuildTest::swap, SOON);
            }
            assertThat(tables.live).containsOnly(Map.entry("ada", 50L), Map.entry("marked", 1L));
        }
    }

    @Test
    void in_place_a_second_one_is_refused_until_the_first_has_caught_up() throws Exception {
        deposit(50);
        try (var runner = run()) {
            runner.awaitPosition(50, SOON);
            tables.live.put("ada", 666L);
            standAt = 25;
            runner.rebuild();
            await().atMost(SOON).until(() -> checkpoints.position("balances") < 50);
            assertThatThrownBy(runner::rebuild)
                    .isInstanceOf(RebuildRefusedException.class)
                    .hasMessageContaining("of 50");
            standAt = Long.MAX_VALUE;
            runner.resume();
            runner.awaitPosition(50, SOON);
            assertThat(tables.live).containsExactly(Map.entry("ada", 50L));
            await().atMost(SOON).untilAsserted(runner::rebuild);
            runner.awaitPosition(50, SOON);
            assertThat(tables.live).containsExactly(Map.entry("ada", 50L));
        }
    }

    @Test
    void progress_is_a_value_a_line_and_a_meter() throws Exception {
        CatchUpMeter meter = new CatchUpMeter(() -> new Progress("views", 0, 1_000, Optional.empty()));
        CatchUp first = meter.sample(new Progress("views", 0, 1_000, Optional.empty()), 0);
        assertThat(first.left()).isEmpty();
        CatchUp second = meter.sample(new Progress("views", 250, 1_000, Optional.empty()), 1_000_000_000L);
        assertThat(second.percent()).isEqualTo(25);
        assertThat(second.perSecond()).isEqualTo(250);
        assertThat(second.left()).contains(Duration.ofSeconds(3));
        assertThat(second).hasToString("views [##--------]  25.0 %  250 of 1,000  250/s  3 s left");
        CatchUp done = meter.sample(new Progress("views", 1_000, 1_000, Optional.empty()), 4_000_000_000L);
        assertThat(done.left()).contains(Duration.ZERO);

        deposit(5);
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (var runner = run()) {
            runner.bindTo(registry);
            runner.awaitPosition(5, SOON);
            assertThat(registry.get("eda.projection.position")
                            .tag("name", "balances")
                            .gauge()
                            .value())
                    .isEqualTo(5);
            assertThat(registry.get("eda.projection.lag").gauge().value()).isZero();
            assertThat(registry.get("eda.projection.standing").gauge().value()).isZero();
        }
    }

    private static void swap(Tables tables) {
        Map<String, Long> before = tables.live;
        tables.live = tables.next;
        tables.next = before;
        tables.next.clear();
    }

    private ProjectionRunner<Tables> run() {
        return ProjectionRunner.of(live, store, checkpoints, OPTIONS).start();
    }

    private long deposit(int times) {
        long last = 0;
        for (int i = 0; i < times; i++) {
            last = store.append(Accounts.ACCOUNT.id("ada"), ExpectedVersion.any(), List.of(new Deposited(1)))
                    .lastPosition();
        }
        return last;
    }
}
