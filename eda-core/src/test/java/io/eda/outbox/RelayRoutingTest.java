package io.eda.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.eda.Accounts;
import io.eda.Accounts.Deposited;
import io.eda.Accounts.Fact;
import io.eda.Accounts.Opened;
import io.eda.bus.EventBus;
import io.eda.bus.SubscriptionOptions;
import io.eda.event.Event;
import io.eda.event.EventRecord;
import io.eda.inmemory.InMemoryCheckpointStore;
import io.eda.inmemory.InMemoryEventStorage;
import io.eda.inmemory.InMemoryTransport;
import io.eda.projection.Feed;
import io.eda.projection.FollowOptions;
import io.eda.projection.OnFailure;
import io.eda.retry.Backoff;
import io.eda.serialization.EventSerializer;
import io.eda.serialization.JacksonEventSerializer;
import io.eda.store.EventFilter;
import io.eda.store.EventStore;
import io.eda.store.ExpectedVersion;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which events a relay publishes, under which topic, and what becomes of those that it left out. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(90)
class RelayRoutingTest {

    private static final Duration SOON = Duration.ofSeconds(40);
    private static final Backoff QUICK = new Backoff(Duration.ofMillis(1), Duration.ofMillis(5));

    private final EventSerializer json = new JacksonEventSerializer(Accounts.TYPES);
    private final EventStore store = new EventStore(new InMemoryEventStorage(), json);
    private final InMemoryCheckpointStore<Object> checkpoints = new InMemoryCheckpointStore<>(new Object());
    private final ScriptedTransport transport = new ScriptedTransport();
    private final AtomicBoolean isBroken = new AtomicBoolean(true);

    @Test
    void each_event_gets_the_topic_that_is_named_for_it_and_is_read_as_it_was() throws Exception {
        List<Event<?>> handled = new CopyOnWriteArrayList<>();
        List<String> topics = new CopyOnWriteArrayList<>();
        append("ada", new Opened("Ada"), new Deposited(1));
        try (EventBus bus = EventBus.builder(InMemoryTransport.confirmingWhenAccepted(), json)
                        .structured()
                        .build();
                var subscription = bus.subscribe(SubscriptionOptions.forGroup("all"), handled::add);
                var relay = OutboxRelay.builder("relay", store.storage(), checkpoints, bus)
                        .topics(event -> {
                            String topic = "bank." + event.eventType().name();
                            topics.add(topic);
                            return topic;
                        })
                        .start()) {
            relay.awaitPosition(2, SOON);
            await().atMost(SOON).until(() -> handled.size() == 2);
        }
        assertThat(handled).extracting(event -> event.aggregateId().toString()).containsOnly("account/ada");
        assertThat(topics).contains("bank.account.opened", "bank.money.deposited");
    }

    @Test
    void without_a_name_the_topic_is_the_kind_of_aggregate() throws Exception {
        transport.confirmsAtOnce = true;
        append("ada", new Deposited(1));
        try (var relay = builder().start()) {
            relay.awaitPosition(1, SOON);
        }
        assertThat(transport.published.get(0).message().topic()).isEqualTo("account");
    }

    @Test
    void a_predicate_sees_the_stored_event_and_the_checkpoint_passes_the_rest() throws Exception {
        transport.confirmsAtOnce = true;
        append("ada", new Deposited(1), new Deposited(2));
        append("bob", new Deposited(3));
        append("ada", new Deposited(4));
        try (var relay = builder()
                .where(event -> event.aggregateId().id().equals("ada") && event.aggregateVersion() > 1)
                .topics(event -> "ada")
                .start()) {
            relay.awaitPosition(4, SOON);
            await().atMost(SOON).until(() -> checkpoints.position("relay") == 4);
        }
        assertThat(transport.published)
                .extracting(
                        one -> one.message().topic() + one.message().headers().get("ce_aggregateversion"))
                .containsExactly("ada2", "ada3");
    }

    @Test
    void a_relay_that_wants_nothing_lets_others_see_how_far_it_has_come() throws Exception {
        append("ada", new Deposited(1));
        try (var relay = builder().where(event -> false).start()) {
            await().atMost(SOON).until(() -> checkpoints.position("relay") == 1);
            append("ada", new Deposited(2));
            append("bob", new Deposited(3));
            await().atMost(SOON).until(() -> checkpoints.position("relay") == 3);
        }
        assertThat(transport.published).isEmpty();
    }

    @Test
    void an_event_for_which_no_topic_can_be_named_stops_the_relay_behind_all_before_it() throws Exception {
        transport.confirmsAtOnce = true;
        append("ada", new Deposited(1), new Deposited(2), new Opened("Ada"), new Deposited(4));
        try (var relay = builder().topics(this::failOnOpened).start()) {
            await().atMost(SOON).until(() -> relay.progress().failure().isPresent());
            assertThat(relay.progress().failure().orElseThrow())
                    .isInstanceOf(EventNotPublishedException.class)
                    .hasMessageContaining("account.opened")
                    .hasMessageContaining("position 3")
                    .hasMessageContaining("no topic for this");
            await().atMost(SOON).until(() -> checkpoints.position("relay") == 2);
            isBroken.set(false);
            relay.resume();
            relay.awaitPosition(4, SOON);
        }
        assertThat(transport.published)
                .extracting(one -> version(one.message().id()))
                .containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void a_range_is_replayed_to_topics_of_its_own() throws Exception {
        transport.confirmsAtOnce = true;
        append("ada", new Deposited(1), new Opened("Ada"), new Deposited(3));
        RangeReplay replay = new RangeReplay(
                        new Feed("replay", store.storage(), EventFilter.all()),
                        new EventBus(transport, json),
                        RelayLimits.defaults())
                .topics(event -> event.aggregateId().type() + ".replayed");

        assertThat(replay.where(event -> event.aggregateVersion() != 2).run(0, 3))
                .isEqualTo(2);
        assertThat(transport.published).extracting(one -> one.message().topic()).containsOnly("account.replayed");
        assertThatThrownBy(() -> replay.topics(this::failOnOpened).run(0, 3))
                .isInstanceOf(EventNotPublishedException.class)
                .hasMessageContaining("position 2");
        assertThat(transport.published).as("all before it were published").hasSize(3);
    }

    @Test
    void what_was_left_out_can_be_published_later_or_forgotten() throws Exception {
        append("ada", new Deposited(1), new Deposited(2), new Deposited(3));
        var skipping = FollowOptions.defaults().withFailures(1, QUICK, OnFailure.SKIP);
        try (var relay = builder().options(skipping).start()) {
            await().atMost(SOON).until(() -> transport.published.size() == 3);
            transport.refuse(0);
            transport.refuse(1);
            transport.confirm(2);
            await().atMost(SOON).until(() -> checkpoints.position("relay") == 3);
            assertThat(relay.skipped(0, 10)).hasSize(2);

            assertThat(relay.publishSkipped(3)).as("one that was not left out").isFalse();
            transport.confirmsAtOnce = true;
            assertThat(relay.publishSkipped(1)).isTrue();
            assertThat(version(transport.published.get(3).message().id())).isEqualTo(1);
            assertThat(relay.forgetSkipped(2)).isTrue();
            assertThat(relay.forgetSkipped(2)).isFalse();
            assertThat(relay.skipped(0, 10)).isEmpty();
            assertThat(checkpoints.position("relay")).isEqualTo(3);
        }
        assertThat(transport.published).hasSize(4);
    }

    private String failOnOpened(EventRecord event) {
        if (isBroken.get() && event.eventType().name().equals("account.opened")) {
            throw new IllegalArgumentException("no topic for this");
        }
        return "accounts";
    }

    private long version(String eventId) {
        return store.storage().readAll(0, EventFilter.all(), 100).events().stream()
                .filter(stored -> stored.event().eventId().toString().equals(eventId))
                .findFirst()
                .orElseThrow()
                .event()
                .aggregateVersion();
    }

    private OutboxRelay.Builder builder() {
        return OutboxRelay.builder("relay", store.storage(), checkpoints, new EventBus(transport, json));
    }

    private void append(String account, Fact... facts) {
        store.append(Accounts.ACCOUNT.id(account), ExpectedVersion.any(), List.of(facts));
    }
}
