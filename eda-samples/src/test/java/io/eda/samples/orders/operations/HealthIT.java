package io.eda.samples.orders.operations;

import static io.eda.samples.orders.operations.SmallSystem.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.eda.bus.SubscriptionOptions;
import io.eda.idempotency.redis.RedisIdempotencyOptions;
import io.eda.idempotency.redis.RedisIdempotencyStore;
import io.eda.observation.Health;
import io.eda.observation.Health.Status;
import io.eda.observation.HealthChecks;
import io.eda.projection.Projection;
import io.eda.projection.ProjectionRunner;
import io.eda.samples.orders.TestDatabase;
import io.eda.samples.orders.events.OrderEvent.OrderCreated;
import io.eda.store.postgres.PostgresContext;
import io.eda.store.postgres.PostgresEventStorage;
import io.eda.testkit.servers.RealServers;
import io.eda.testkit.servers.TcpProxy;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the health of each part says while its server is frozen, killed or out of reach, and when it is back. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(180)
class HealthIT {

    // Long enough for a busy machine to answer in, and for a frozen server not to.
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    @Test
    void a_database_that_is_frozen_or_killed_is_down_in_time_and_up_when_it_is_back() throws Exception {
        try (var server = RealServers.dedicatedPostgres();
                var pool = new HikariDataSource()) {
            pool.setJdbcUrl(server.jdbcUrl());
            pool.setMaximumPoolSize(5);
            try (var storage = PostgresEventStorage.create(pool);
                    var health = HealthChecks.builder()
                            .timeout(PATIENCE)
                            .store(storage)
                            .build()) {
                awaitStatus(health, 0, Status.UP);
                server.freeze();
                Health frozen = health.check().get(0);
                assertThat(frozen.status()).isEqualTo(Status.DOWN);
                assertThat(frozen.reason()).startsWith("it has not answered for ");
                assertThat(frozen.hint()).contains("Look at the database");
                server.thaw();
                awaitStatus(health, 0, Status.UP);
                server.kill();
                awaitStatus(health, 0, Status.DOWN);
                server.start();
                awaitStatus(health, 0, Status.UP);
            }
        }
    }

    @Test
    void a_broker_out_of_reach_makes_its_subscriptions_down_and_a_dead_letter_wants_a_look() throws Exception {
        var rabbit = RealServers.rabbitMq();
        try (HikariDataSource database = TestDatabase.open();
                TcpProxy proxy = TcpProxy.to(rabbit)) {
            String uri = rabbit.uri().replace(":" + rabbit.port(), ":" + proxy.port());
            try (SmallSystem system = SmallSystem.over(database, uri)) {
                var options = SubscriptionOptions.forGroup("inventory").withRetry(SmallSystem.attempts(1));
                var subscription = system.closing(system.bus.subscribe(options, event -> {
                    throw new IllegalStateException("the card of Zacharias");
                }));
                system.relay();
                var health = system.closing(HealthChecks.builder()
                        .timeout(PATIENCE)
                        .subscription(subscription)
                        .deadLetters(system.bus, "inventory")
                        .build());
                awaitStatus(health, 0, Status.UP);
                awaitStatus(health, 1, Status.UP);

                var order = system.order("ada");
                awaitStatus(health, 1, Status.DEGRADED);
                assertThat(health.check().get(1).reason())
                        .contains(order.eventId().toString(), "order.created", "java.lang.IllegalStateException")
                        .doesNotContain("Zacharias");

                proxy.refuse();
                proxy.cut();
                awaitStatus(health, 0, Status.DOWN);
                Health unreachable = health.check().get(0);
                assertThat(unreachable.hint()).contains("Look at the broker");
                assertThat(unreachable.reason()).doesNotContain("guest:guest");
                proxy.restore();
                awaitStatus(health, 0, Status.UP);
                awaitStatus(health, 1, Status.DEGRADED);
                system.bus
                        .deadLetters("inventory")
                        .drop(system.bus.deadLetters("inventory").list(1).get(0).id());
                awaitStatus(health, 1, Status.UP);
            }
        }
    }

    @Test
    void a_projection_that_stands_is_down_until_it_is_mended_and_resumed() throws Exception {
        try (HikariDataSource database = TestDatabase.open();
                SmallSystem system =
                        SmallSystem.over(database, RealServers.rabbitMq().uri())) {
            AtomicBoolean isMended = new AtomicBoolean();
            var projection = Projection.<PostgresContext>named("customers")
                    .on(OrderCreated.class, (event, db) -> {
                        if (!isMended.get()) {
                            throw new IllegalStateException("the card of Zacharias");
                        }
                    })
                    .build();
            var runner = system.closing(ProjectionRunner.of(projection, system.store, system.checkpoints)
                    .start());
            var health = system.closing(
                    HealthChecks.builder().timeout(PATIENCE).projection(runner).build());
            awaitStatus(health, 0, Status.UP);
            var order = system.order("ada");
            awaitStatus(health, 0, Status.DOWN);
            assertThat(health.check().get(0).reason())
                    .contains(order.eventId().toString(), "java.lang.IllegalStateException")
                    .doesNotContain("Zacharias");
            isMended.set(true);
            runner.resume();
            awaitStatus(health, 0, Status.UP);
        }
    }

    @Test
    void a_store_of_claims_that_is_frozen_is_down_in_time_and_up_when_it_is_back() {
        try (var server = RealServers.dedicatedRedis();
                var claims = RedisIdempotencyStore.connect(
                        RedisURI.create(server.uri()), RedisIdempotencyOptions.defaults());
                var health = HealthChecks.builder()
                        .timeout(PATIENCE)
                        .deduplication(claims)
                        .build()) {
            awaitStatus(health, 0, Status.UP);
            server.freeze();
            awaitStatus(health, 0, Status.DOWN);
            server.thaw();
            awaitStatus(health, 0, Status.UP);
        }
    }

    private static void awaitStatus(HealthChecks health, int part, Status status) {
        await().untilAsserted(() -> {
            List<Health> found = health.check();
            assertThat(found.get(part).status()).as(found.get(part).toString()).isEqualTo(status);
        });
    }
}
