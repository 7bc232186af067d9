package io.eda.samples.orders.operations;

import static io.eda.samples.orders.operations.SmallSystem.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.zaxxer.hikari.HikariDataSource;
import io.eda.bus.DeadLetter;
import io.eda.bus.Deduplication;
import io.eda.bus.SubscriptionOptions;
import io.eda.event.Event;
import io.eda.idempotency.redis.RedisIdempotencyOptions;
import io.eda.idempotency.redis.RedisIdempotencyStore;
import io.eda.intervention.Intervention;
import io.eda.observation.EventLife;
import io.eda.observation.EventLifecycle;
import io.eda.observation.LivedEvent;
import io.eda.observation.Outcome;
import io.eda.observation.Passage;
import io.eda.projection.FollowOptions;
import io.eda.projection.OnFailure;
import io.eda.projection.Projection;
import io.eda.projection.ProjectionRunner;
import io.eda.samples.orders.TestDatabase;
import io.eda.samples.orders.events.OrderEvent.OrderCreated;
import io.eda.store.postgres.PostgresContext;
import io.eda.testkit.servers.RealServers;
import io.lettuce.core.RedisURI;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The life of an event through PostgreSQL, RabbitMQ and Redis, as it is told afterwards. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(180)
class EventLifeIT {

    private HikariDataSource database;
    private SmallSystem system;

    @BeforeEach
    void open() throws Exception {
        database = TestDatabase.open();
        system = SmallSystem.over(database, RealServers.rabbitMq().uri());
    }

    @AfterEach
    void close() throws Exception {
        system.close();
        database.close();
    }

    @Test
    void an_event_that_succeeded_was_passed_by_everybody_who_wants_it() throws Exception {
        var redis = RealServers.redis();
        var claims = system.closing(RedisIdempotencyStore.connect(
                RedisURI.create(redis.uri()),
                RedisIdempotencyOptions.defaults().withKeyPrefix(redis.freshKeyPrefix())));
        var options = SubscriptionOptions.forGroup("inventory").withDeduplication(Deduplication.by(claims));
        system.closing(system.bus.subscribe(options, event -> {}));
        var relay = system.relay();
        var view = view(OnFailure.PAUSE, new AtomicBoolean(true));
        Event<?> order = system.order("Zacharias");
        EventLifecycle lifecycle = EventLifecycle.builder(system.storage)
                .relay(relay)
                .projection(view)
                .group(system.bus, options)
                .build();
        await().untilAsserted(() -> assertThat(event(lifecycle, order).passages())
                .hasSize(3)
                .extracting(Passage::outcome)
                .hasOnlyElementsOfType(Outcome.Passed.class));
        EventLife life = lifecycle.of(order.eventId()).orElseThrow();
        assertThat(life.events().get(0).isVisible()).isTrue();
        assertThat(life.searched().isWhole()).isTrue();
        assertThat(life.asText())
                .contains("order.created of " + order.aggregateId() + ", version 1, was decided")
                .contains("The relay 'relay' has published it")
                .contains("The projection 'customers' has handled it: its checkpoint is at ")
                .contains("The group 'inventory' has handled it: its store of claims remembers it as handled.")
                // No data, and so no customer.
                .doesNotContain("Zacharias");
    }

    @Test
    void an_event_that_failed_twice_tells_how_often_and_why_and_where_it_lies() throws Exception {
        var options = SubscriptionOptions.forGroup("inventory").withRetry(SmallSystem.attempts(2));
        var patient = SubscriptionOptions.forGroup("mail").withRetry(SmallSystem.attempts(3));
        AtomicInteger calls = new AtomicInteger();
        var inventory = system.closing(system.bus.subscribe(options, event -> {
            throw new IllegalStateException("no shelf");
        }));
        var mail = system.closing(system.bus.subscribe(patient, event -> {
            if (calls.incrementAndGet() <= 2) {
                throw new IllegalStateException("no stamp");
            }
        }));
        system.relay();
        Event<?> order = system.order("Zacharias");
        EventLifecycle lifecycle = EventLifecycle.builder(system.storage)
                .group(system.bus, options, inventory)
                .group(system.bus, patient, mail)
                .build();
        await().untilAsserted(() -> {
            LivedEvent lived = event(lifecycle, order);
            assertThat(lived.passages().get(0).outcome()).isInstanceOfSatisfying(Outcome.DeadLettered.class, dead -> {
                assertThat(dead.reason()).isEqualTo(DeadLetter.Reason.EXHAUSTED);
                assertThat(dead.attempts()).isEqualTo(2);
                assertThat(dead.error()).isEqualTo("java.lang.IllegalStateException: no shelf");
            });
            assertThat(lived.passages().get(1).outcome()).isInstanceOf(Outcome.Passed.class);
        });
        var failures = event(lifecycle, order).passages().get(1).failures().orElseThrow();
        assertThat(failures.attempts()).isEqualTo(2);
        assertThat(failures.error()).contains("no stamp");
        assertThat(lifecycle.of(order.eventId()).orElseThrow().asText())
                .contains("The group 'inventory' failed on it 2 times")
                .contains("It waits in the dead letters as " + order.eventId())
                .contains("The group 'mail' failed on it 2 times, the last time at ");
    }

    @Test
    void what_a_queue_has_delivered_is_forgotten_and_so_it_is_not_known() throws Exception {
        var options = SubscriptionOptions.forGroup("mail");
        var mail = system.closing(system.bus.subscribe(options, event -> {}));
        system.relay();
        Event<?> order = system.order("Zacharias");
        EventLifecycle lifecycle = EventLifecycle.builder(system.storage)
                .group(system.bus, options, mail)
                .build();
        await().until(() -> mail.status().handled() == 1);
        assertThat(lifecycle.of(order.eventId()).orElseThrow().asText())
                .contains(
                        "Whether the group 'mail' has handled it is not known: its broker does not keep what it delivered;");
    }

    @Test
    void an_event_that_was_parked_and_replayed_tells_both() throws Exception {
        AtomicBoolean isMended = new AtomicBoolean();
        var options = SubscriptionOptions.forGroup("inventory").withRetry(SmallSystem.attempts(1));
        var inventory = system.closing(system.bus.subscribe(options, event -> {
            if (!isMended.get()) {
                throw new IllegalStateException("no shelf");
            }
        }));
        system.relay();
        var view = view(OnFailure.PARK_KEY, isMended);
        Event<?> order = system.order("Zacharias");
        EventLifecycle lifecycle = EventLifecycle.builder(system.storage)
                .projection(view)
                .group(system.bus, options, inventory)
                .interventions(system.checkpoints.interventions())
                .build();
        await().untilAsserted(() -> assertThat(event(lifecycle, order).passages())
                .extracting(Passage::outcome)
                .satisfiesExactly(
                        parked -> assertThat(parked)
                                .isInstanceOfSatisfying(Outcome.Parked.class, it -> assertThat(it.attempts())
                                        .isEqualTo(2)),
                        dead -> assertThat(dead).isInstanceOf(Outcome.DeadLettered.class)));

        isMended.set(true);
        assertThat(view.parked().replay(order.aggregateId())).isEqualTo(1);
        assertThat(system.bus.deadLetters("inventory").replayAll(10)).isEqualTo(1);
        await().untilAsserted(() -> assertThat(event(lifecycle, order).passages())
                .extracting(Passage::outcome)
                .hasOnlyElementsOfType(Outcome.Passed.class));
        assertThat(event(lifecycle, order).interventions())
                .extracting(Intervention::site, Intervention::name, Intervention::action)
                .containsExactly(
                        tuple(Intervention.Site.PROJECTION, "customers", Intervention.Action.REPLAY),
                        tuple(Intervention.Site.GROUP, "inventory", Intervention.Action.REPLAY));
        assertThat(lifecycle.of(order.eventId()).orElseThrow().asText())
                .containsSubsequence(
                        "Somebody asked that the projection 'customers' handle it again.",
                        "Somebody asked that the group 'inventory' handle it again.",
                        "The projection 'customers' has handled it");
    }

    private ProjectionRunner<PostgresContext> view(OnFailure onFailure, AtomicBoolean isMended) {
        var projection = Projection.<PostgresContext>named("customers")
                .on(OrderCreated.class, (event, db) -> {
                    if (!isMended.get()) {
                        throw new IllegalStateException("no such column");
                    }
                })
                .build();
        var options = FollowOptions.defaults().withFailures(2, SmallSystem.QUICK, onFailure);
        return system.closing(ProjectionRunner.of(projection, system.store, system.checkpoints, options)
                .start());
    }

    private static LivedEvent event(EventLifecycle lifecycle, Event<?> event) {
        return lifecycle.of(event.eventId()).orElseThrow().events().get(0);
    }
}
