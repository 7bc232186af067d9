package io.eda.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.eda.bus.EventBus;
import io.eda.bus.EventHandler;
import io.eda.bus.Exhausted;
import io.eda.bus.SubscriptionOptions;
import io.eda.event.AggregateId;
import io.eda.event.Event;
import io.eda.event.EventType;
import io.eda.event.Metadata;
import io.eda.inmemory.InMemoryTransport;
import io.eda.parking.ParkedKey;
import io.eda.retry.RetryPolicy;
import io.eda.testkit.servers.PostgresServer;
import io.eda.testkit.servers.RealServers;
import io.eda.transport.Message;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Keys that one node parks, and another one replays; and a server that is killed meanwhile. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(120)
final class ParkedKeysIT {

    private static final Duration SOON = Duration.ofSeconds(40);
    private static final ParkedKey ADA = new ParkedKey("mail", "thing", "ada");

    private final PostgresOptions options = TestDatabase.freshSchema();
    private final List<Long> handled = new CopyOnWriteArrayList<>();
    private final AtomicBoolean isBroken = new AtomicBoolean(true);

    @Test
    void what_one_node_has_parked_waits_on_every_node_and_is_replayed_in_order_by_another() {
        InMemoryTransport transport = InMemoryTransport.confirmingWhenAccepted();
        try (EventBus first = bus(transport);
                EventBus second = bus(transport)) {
            var subscription = first.subscribe(options(), failing());
            LongStream.rangeClosed(1, 3).forEach(version -> publish(first, "ada", version));
            await().atMost(SOON)
                    .until(() -> second.parkedKeys("mail").messages(ADA, 10).size() == 3);
            subscription.close();

            try (var other = second.subscribe(options(), failing())) {
                publish(second, "ada", 4);
                publish(second, "bob", 7);
                await().atMost(SOON)
                        .until(() -> second.parkedKeys("mail").messages(ADA, 10).size() == 4 && handled.contains(7L));
                assertThat(handled).containsExactly(7L);

                isBroken.set(false);
                assertThat(first.parkedKeys("mail").replay(ADA)).isTrue();
                publish(second, "ada", 5);
                await().atMost(SOON).until(() -> handled.size() == 6);
                assertThat(handled).containsExactly(7L, 1L, 2L, 3L, 4L, 5L);
                await().atMost(SOON)
                        .until(() -> second.parkedKeys("mail").list(1).isEmpty());
            }
        }
    }

    @Test
    void what_was_parked_is_there_after_a_kill_of_the_server_and_nothing_hangs_while_it_is_away() {
        try (PostgresServer server = RealServers.dedicatedPostgres();
                HikariDataSource pool = TestDatabase.pool(server.jdbcUrl(), 4)) {
            PostgresParkedMessages store = PostgresParkedMessages.create(pool, options);
            Message message = new Message("1", "thing", "thing.counted", "ada", Map.of("a", "b"), new byte[] {1});
            assertThat(store.park(ADA, message, false).join()).isTrue();
            server.kill();
            assertThatThrownBy(() -> store.parked(Set.of(ADA)).join()).hasMessageContaining("which keys are parked");
            server.start();
            await().atMost(SOON)
                    .ignoreExceptions()
                    .until(() -> store.parked(Set.of(ADA)).join().contains(ADA));
            assertThat(store.messages(ADA, 10))
                    .usingRecursiveFieldByFieldElementComparator()
                    .containsExactly(message);
        }
    }

    private EventBus bus(InMemoryTransport transport) {
        return EventBus.builder(transport, Tally.JSON)
                .parking(PostgresParkedMessages.create(TestDatabase.dataSource(), options))
                .build();
    }

    private static SubscriptionOptions options() {
        return SubscriptionOptions.forGroup("mail")
                .withExhausted(Exhausted.PARK_KEY)
                .withRetry(RetryPolicy.once());
    }

    private EventHandler failing() {
        return event -> {
            if (isBroken.get() && event.aggregateVersion() == 1) {
                throw new IllegalStateException("the first one fails");
            }
            handled.add(event.aggregateVersion());
        };
    }

    private static void publish(EventBus bus, String thing, long version) {
        UUID id = UUID.randomUUID();
        bus.publish(new Event<>(
                        id,
                        EventType.of("thing.counted", 1),
                        Instant.now().truncatedTo(ChronoUnit.MICROS),
                        id.toString(),
                        id.toString(),
                        AggregateId.of("thing", thing),
                        version,
                        new Tally.Counted(version),
                        Metadata.empty()))
                .join();
    }
}
