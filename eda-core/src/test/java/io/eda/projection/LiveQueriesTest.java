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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class LiveQueriesTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final EventStore store =
            new EventStore(new InMemoryEventStorage(), new JacksonEventSerializer(Accounts.TYPES));
    private final Map<String, Long> balances = new ConcurrentHashMap<>();
    private final InMemoryCheckpointStore<Map<String, Long>> checkpoints = new InMemoryCheckpointStore<>(balances);
    private final Projection<Map<String, Long>> projection = Projection.<Map<String, Long>>named("balances")
            .on(
                    Deposited.class,
                    (event, read) ->
                            read.merge(event.aggregateId().id(), event.data().cents(), Long::sum))
            .build();

    @Test
    void a_subscriber_gets_the_first_answer_at_once_and_one_after_each_change_of_its_row() throws Exception {
        deposit("ada");
        List<Long> answers = new CopyOnWriteArrayList<>();
        try (var runner = run();
                var live = LiveQueries.start(runner, store)) {
            runner.awaitPosition(1, SOON);
            try (var watch = live.watch(Accounts.ACCOUNT.id("ada"), () -> balance("ada"), answers::add)) {
                assertThat(answers).containsExactly(1L);
                deposit("bob");
                deposit("ada");
                await().atMost(SOON).until(() -> answers.contains(2L));
                assertThat(answers).doesNotContain(0L).isSorted();
            }
            int before = answers.size();
            deposit("ada");
            runner.awaitPosition(4, SOON);
            try (var again = live.watch(Accounts.ACCOUNT.id("ada"), () -> balance("ada"), balance -> {})) {
                assertThat(answers).hasSize(before);
            }
        }
    }

    @Test
    void whoever_subscribes_while_events_come_ends_with_the_last_answer() throws Exception {
        try (var runner = run();
                var live = LiveQueries.start(runner, store)) {
            Thread writer = new Thread(() -> {
                for (int i = 0; i < 500; i++) {
                    deposit("ada");
                }
            });
            writer.start();
            List<List<Long>> all = new ArrayList<>();
            List<AutoCloseable> watches = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                List<Long> answers = new CopyOnWriteArrayList<>();
                all.add(answers);
                watches.add(live.watch(Accounts.ACCOUNT.id("ada"), () -> balance("ada"), answers::add));
            }
            writer.join();
            await().atMost(SOON).untilAsserted(() -> assertThat(all)
                    .allSatisfy(answers -> assertThat(answers).isSorted().endsWith(500L)));
            for (AutoCloseable watch : watches) {
                watch.close();
            }
        }
    }

    @Test
    void a_subscriber_that_fails_hurts_no_other() throws Exception {
        List<Long> answers = new CopyOnWriteArrayList<>();
        try (var runner = run();
                var live = LiveQueries.start(runner, store);
                var failing = live.watch(event -> true, () -> balance("ada"), balance -> {
                    if (balance > 0) {
                        throw new IllegalStateException("the browser is gone");
                    }
                });
                var well = live.watch(event -> true, () -> balance("ada"), answers::add)) {
            deposit("ada");
            await().atMost(SOON).until(() -> answers.contains(1L));
            assertThatThrownBy(() -> live.watch(event -> true, () -> balance("ada"), balance -> {
                        throw new IllegalStateException("from the start");
                    }))
                    .hasMessage("from the start");
            deposit("ada");
            await().atMost(SOON).until(() -> answers.contains(2L));
        }
    }

    private long balance(String account) {
        return balances.getOrDefault(account, 0L);
    }

    private ProjectionRunner<Map<String, Long>> run() {
        return ProjectionRunner.of(projection, store, checkpoints).start();
    }

    private void deposit(String account) {
        store.append(Accounts.ACCOUNT.id(account), ExpectedVersion.any(), List.of(new Deposited(1)));
    }
}
