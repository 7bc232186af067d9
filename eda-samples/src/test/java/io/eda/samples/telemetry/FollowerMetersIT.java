package io.eda.samples.telemetry;

import static io.eda.samples.telemetry.Meters.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.ConnectionFactory;
import com.zaxxer.hikari.HikariDataSource;
import io.eda.broker.rabbitmq.RabbitMqOptions;
import io.eda.broker.rabbitmq.RabbitMqTopology;
import io.eda.broker.rabbitmq.RabbitMqTransport;
import io.eda.bus.EventBus;
import io.eda.bus.SubscriptionOptions;
import io.eda.outbox.OutboxRelay;
import io.eda.projection.FollowOptions;
import io.eda.projection.OnFailure;
import io.eda.projection.Projection;
import io.eda.projection.ProjectionRunner;
import io.eda.projection.Rebuild;
import io.eda.retry.Backoff;
import io.eda.samples.orders.TestDatabase;
import io.eda.samples.telemetry.Note.Written;
import io.eda.store.EventStore;
import io.eda.store.ExpectedVersion;
import io.eda.store.postgres.PostgresCheckpointStore;
import io.eda.store.postgres.PostgresContext;
import io.eda.store.postgres.PostgresEventStorage;
import io.eda.store.postgres.PostgresOptions;
import io.eda.testkit.servers.RealServers;
import io.eda.testkit.servers.TcpProxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The meters of projections and relays move over a real PostgreSQL and a real RabbitMQ. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class FollowerMetersIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Backoff QUICK = new Backoff(Duration.ofMillis(1), Duration.ofMillis(5));
    private static final Backoff NEVER = new Backoff(Duration.ofMinutes(10), Duration.ofMinutes(10));

    private final Meters meters = new Meters();
    private HikariDataSource database;
    private PostgresEventStorage storage;
    private EventStore store;
    private PostgresCheckpointStore checkpoints;

    @BeforeEach
    void open() {
        database = TestDatabase.open();
        storage = PostgresEventStorage.create(database);
        store = new EventStore(storage, Note.json());
        checkpoints = PostgresCheckpointStore.create(database, PostgresOptions.defaults());
    }

    @AfterEach
    void close() {
        storage.close();
        database.close();
    }

    @Test
    void a_projection_tells_where_it_stands_and_what_it_gave_up() throws Exception {
        write("a", "one");
        write("b", "poison");
        long last = write("b", "behind");
        try (var skipping = run("skipping", QUICK, OnFailure.SKIP);
                var parking = run("parking", QUICK, OnFailure.PARK_KEY);
                var standing = run("standing", NEVER, OnFailure.PAUSE)) {
            skipping.awaitPosition(last, SOON);
            parking.awaitPosition(last, SOON);
            assertThat(meters.counted("eda.projection.skipped", "name", "skipping"))
                    .isEqualTo(1);
            assertThat(meters.counted("eda.projection.parked", "name", "parking"))
                    .isEqualTo(2);
            for (String name : List.of("skipping", "parking")) {
                assertThat(meters.gauge("eda.projection.position", "name", name))
                        .isEqualTo((double) last);
                assertThat(meters.gauge("eda.projection.lag", "name", name)).isZero();
                assertThat(meters.counted("eda.projection.events", "name", name))
                        .isEqualTo(3);
                assertThat(meters.counted("eda.projection.failures", "name", name))
                        .isPositive();
                assertThat(meters.timed("eda.projection.page", "name", name)).isPositive();
                assertThat(meters.gauge("eda.projection.standing", "name", name))
                        .isZero();
                assertThat(meters.gauge("eda.projection.shards", "name", name)).isEqualTo(1);
                meters.awaitGauge(delay -> delay == 0, "eda.projection.delay", "name", name);
            }

            meters.awaitGauge(stands -> stands == 1, "eda.projection.standing", "name", "standing");
            assertThat(meters.gauge("eda.projection.lag", "name", "standing")).isBetween(2.0, 3.0);
            meters.awaitGauge(delay -> delay > 0.1, "eda.projection.delay", "name", "standing");

            assertThat(meters.gauge("eda.projection.rate", "name", "skipping")).isZero();
            write("a", "two");
            meters.awaitGauge(rate -> rate > 0, "eda.projection.rate", "name", "skipping");
        }
        assertThat(meters.hasGauge("eda.projection.lag"))
                .as("a projection that is closed has no gauges")
                .isFalse();
    }

    @Test
    void a_rebuild_tells_how_far_it_is() throws Exception {
        long last = write("a", "one");
        CountDownLatch goOn = new CountDownLatch(1);
        Projection<PostgresContext> live = Projection.<PostgresContext>named("lines")
                .on(Written.class, (event, db) -> {})
                .build();
        Projection<PostgresContext> next = Projection.<PostgresContext>named("lines_next")
                .on(Written.class, (event, db) -> goOn.await())
                .clearedBy(db -> {})
                .build();
        try (var runner = ProjectionRunner.of(live, store, checkpoints).start()) {
            runner.awaitPosition(last, SOON);
            try (var rebuild = Rebuild.start(live, next, store, checkpoints, FollowOptions.defaults())) {
                rebuild.bindTo(meters.registry());
                meters.awaitGauge(done -> done == 0, "eda.projection.rebuild", "name", "lines");
                goOn.countDown();
                meters.awaitGauge(done -> done == 1, "eda.projection.rebuild", "name", "lines");
                write("a", "two");
                patiently().until(() -> meters.counted("eda.projection.events", "name", "lines_next") >= 1);
                rebuild.takeOver(db -> {}, SOON);
                assertThat(meters.hasGauge("eda.projection.rebuild")).isFalse();
            }
        }
    }

    @Test
    void a_relay_tells_what_the_broker_did_not_confirm() throws Exception {
        try (TcpProxy proxy = TcpProxy.to(RealServers.rabbitMq());
                EventBus bus = new EventBus(rabbitMq(proxy), Note.json());
                var subscription = bus.subscribe(SubscriptionOptions.forGroup("readers"), event -> {});
                var relay = OutboxRelay.builder("relay", storage, checkpoints, bus)
                        .start()
                        .bindTo(meters.registry())) {
            long last = write("a", "one");
            patiently().until(() -> meters.counted("eda.relay.events", "name", "relay") == 1);
            meters.awaitGauge(position -> position == last, "eda.relay.position", "name", "relay");
            meters.awaitGauge(lag -> lag == 0, "eda.relay.lag", "name", "relay");
            assertThat(meters.gauge("eda.relay.shards", "name", "relay")).isEqualTo(1);
            assertThat(meters.gauge("eda.relay.unconfirmed", "name", "relay")).isZero();
            assertThat(meters.gauge("eda.relay.standing", "name", "relay")).isZero();
            double unused = meters.gauge("eda.relay.rate", "name", "relay");

            proxy.stall();
            write("a", "two");
            write("a", "three");
            meters.awaitGauge(open -> open > 0, "eda.relay.unconfirmed", "name", "relay");
            meters.awaitGauge(delay -> delay > 0, "eda.relay.delay", "name", "relay");
            meters.awaitGauge(stands -> stands == 1, "eda.relay.standing", "name", "relay");
            assertThat(meters.gauge("eda.relay.lag", "name", "relay")).isPositive();
            assertThat(meters.counted("eda.relay.failures", "name", "relay")).isPositive();

            proxy.unstall();
            relay.resume();
            relay.awaitPosition(store.storage().awaitVisible(Long.MAX_VALUE, Duration.ZERO), SOON);
            patiently().until(() -> meters.counted("eda.relay.events", "name", "relay") >= 3);
            meters.awaitGauge(open -> open == 0, "eda.relay.unconfirmed", "name", "relay");
            meters.awaitGauge(delay -> delay == 0, "eda.relay.delay", "name", "relay");
            meters.awaitGauge(rate -> rate > 0, "eda.relay.rate", "name", "relay");
        }
        assertThat(meters.hasGauge("eda.relay.unconfirmed"))
                .as("a relay that is closed has no gauges")
                .isFalse();
    }

    @Test
    void a_relay_leaves_out_what_is_refused_for_ever() throws Exception {
        try (TcpProxy proxy = TcpProxy.to(RealServers.rabbitMq());
                EventBus bus = new EventBus(rabbitMq(proxy), Note.json());
                var relay = OutboxRelay.builder("skipping", storage, checkpoints, bus)
                        .options(FollowOptions.defaults().withFailures(1, QUICK, OnFailure.SKIP))
                        .start()
                        .bindTo(meters.registry())) {
            // Nobody has subscribed: there is nowhere to publish it to.
            relay.awaitPosition(write("a", "one"), SOON);
            patiently().until(() -> meters.counted("eda.relay.skipped", "name", "skipping") == 1);
            assertThat(meters.counted("eda.relay.events", "name", "skipping")).isZero();
        }
    }

    private ProjectionRunner<PostgresContext> run(String name, Backoff backoff, OnFailure onFailure) {
        Projection<PostgresContext> projection = Projection.<PostgresContext>named(name)
                .on(Written.class, (event, db) -> {
                    if (event.data().text().equals("poison")) {
                        throw new IllegalStateException("not this line");
                    }
                })
                .build();
        FollowOptions options = FollowOptions.defaults().withFailures(2, backoff, onFailure);
        return ProjectionRunner.of(projection, store, checkpoints, options)
                .bindTo(meters.registry())
                .start();
    }

    private long write(String note, String text) {
        return store.append(Note.AGGREGATE.id(note), ExpectedVersion.any(), List.of(new Written(text)))
                .lastPosition();
    }

    private static RabbitMqTransport rabbitMq(TcpProxy proxy) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(RealServers.rabbitMq().uri());
        factory.setHost(proxy.host());
        factory.setPort(proxy.port());
        return RabbitMqTransport.connect(RabbitMqOptions.of(factory)
                .withTopology(RabbitMqTopology.defaults()
                        .withExchange(RealServers.rabbitMq().freshPrefix() + "events"))
                .withDeadlines(Duration.ofSeconds(2), Duration.ofSeconds(1)));
    }
}
