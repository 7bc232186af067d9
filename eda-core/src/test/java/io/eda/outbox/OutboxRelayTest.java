package io.eda.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eda.Accounts;
import io.eda.Accounts.Deposited;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class OutboxRelayTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final EventSerializer json = new JacksonEventSerializer(Accounts.TYPES);
    private final EventStore store = new EventStore(new InMemoryEventStorage(), json);
    private final InMemoryCheckpointStore<Object> checkpoints = new InMemoryCheckpointStore<>(new Object());
    private final ScriptedTransport transport = new ScriptedTransport();

    @Test
    void the_checkpoint_waits_for_the_confirmation() throws Exception {
        append("ada", 1, 2, 3);
        try (var relay = relay(EventFilter.all())) {
            await().until(() -> transport.published.size() == 3);
            assertThat(checkpoints.position("relay")).isZero();
            transport.confirm(0, 1, 2);
            await().until(() -> checkpoints.position("relay") == 3);
        }
    }

    @Test
    void it_moves_over_the_contiguous_confirmed_prefix_only() throws Exception {
        append("ada", 1, 2, 3);
        try (var relay = relay(EventFilter.all())) {
            await().until(() -> transport.published.size() == 3);
            transport.confirm(0, 2);
            await().until(() -> checkpoints.position("relay") == 1);
            transport.confirm(1);
            await().until(() -> checkpoints.position("relay") == 3);
        }
    }

    @Test
    void what_failed_is_published_again_with_its_id_and_with_what_followed_it() throws Exception {
        append("ada", 1, 2, 3);
        try (var relay = relay(EventFilter.all())) {
            await().until(() -> transport.published.size() == 3);
            transport.confirm(0, 2);
            transport.fail(1);
            await().until(() -> transport.published.size() == 4);
            transport.confirm(3);
            await().until(() -> transport.published.size() == 5);
            assertThat(transport.published.get(3).message().id())
                    .isEqualTo(transport.published.get(1).message().id());
            assertThat(transport.published.get(4).message().id())
                    .isEqualTo(transport.published.get(2).message().id());
            transport.confirm(4);
            await().until(() -> checkpoints.position("relay") == 3);
        }
    }

    @Test
    void a_relay_that_comes_back_publishes_what_was_not_confirmed() throws Exception {
        append("ada", 1, 2);
        try (var relay = relay(EventFilter.all())) {
            await().until(() -> transport.published.size() == 2);
            transport.confirm(0);
            await().until(() -> checkpoints.position("relay") == 1);
            transport.fail(1);
        }
        int before = transport.published.size();
        try (var relay = relay(EventFilter.all())) {
            await().until(() -> transport.published.size() > before);
            transport.confirm(transport.published.size() - 1);
            await().until(() -> checkpoints.position("relay") == 2);
        }
    }

    @Test
    void published_and_unconfirmed_stays_bounded() {
        List<Long> many = LongStream.rangeClosed(1, 5_000).boxed().toList();
        for (int from = 0; from < 5_000; from += 1_000) {
            store.append(
                    Accounts.ACCOUNT.id("ada"),
                    ExpectedVersion.any(),
                    many.subList(from, from + 1_000).stream()
                            .map(Deposited::new)
                            .toList());
        }
        try (var relay = relay(EventFilter.all())) {
            await().until(() -> transport.published.size() >= 1_000);
            await().during(Duration.ofMillis(200)).until(() -> transport.published.size() <= 1_500);
            transport.confirmsAtOnce = true;
            transport.confirmAll();
            await().until(() -> checkpoints.position("relay") == 5_000);
        }
    }

    @Test
    void a_filter_relays_the_wanted_types_alone_and_the_checkpoint_passes_the_rest() throws Exception {
        transport.confirmsAtOnce = true;
        append("ada", 1, 2);
        store.append(Accounts.ACCOUNT.id("bob"), ExpectedVersion.any(), List.of(new Opened("Bob")));
        append("ada", 3);
        try (var relay = relay(EventFilter.types(Set.of("account.opened")))) {
            relay.awaitPosition(4, SOON);
            await().until(() -> checkpoints.position("relay") == 4);
            assertThat(transport.published).hasSize(1);
        }
    }

    @Test
    void over_a_transport_that_confirms_handling_the_checkpoint_waits_for_the_handlers() throws Exception {
        EventBus bus = new EventBus(InMemoryTransport.confirmingWhenHandled(), json);
        List<Event<?>> handled = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> goOn = new CompletableFuture<>();
        try (var subscription = bus.subscribe(SubscriptionOptions.forGroup("mail"), event -> {
                    goOn.get();
                    handled.add(event);
                });
                var relay = OutboxRelay.builder("relay", store.storage(), checkpoints, bus)
                        .start()) {
            append("ada", 1, 2);
            relay.awaitPosition(2, SOON);
            assertThat(checkpoints.position("relay")).isZero();
            goOn.complete(null);
            await().until(() -> checkpoints.position("relay") == 2);
            assertThat(handled).extracting(Event::aggregateVersion).containsExactly(1L, 2L);
        }
    }

    @Test
    void an_event_that_is_refused_for_ever_stops_the_relay_which_names_it() throws Exception {
        append("ada", 1, 2, 3);
        try (var relay = relay(EventFilter.all())) {
            await().until(() -> transport.published.size() == 3);
            transport.confirm(0, 2);
            transport.refuse(1);
            await().until(() -> relay.progress().failure().isPresent());
            assertThat(relay.progress().failure().orElseThrow())
                    .isInstanceOf(EventNotPublishedException.class)
                    .hasMessageContaining("account/ada")
                    .hasMessageContaining("position 2")
                    .hasMessageContaining("refused for ever");
            assertThat(checkpoints.position("relay")).isEqualTo(1);
            transport.confirmsAtOnce = true;
            transport.confirmAll();
            relay.resume();
            relay.awaitPosition(3, SOON);
        }
    }

    @Test
    void a_relay_may_leave_out_what_is_refused_and_notes_it() throws Exception {
        append("ada", 1, 2, 3);
        var skipping = FollowOptions.defaults()
                .withFailures(1, new Backoff(Duration.ofMillis(1), Duration.ofMillis(5)), OnFailure.SKIP);
        try (var relay = builder("relay").options(skipping).start()) {
            await().until(() -> transport.published.size() == 3);
            transport.refuse(1);
            transport.confirm(0, 2);
            await().until(() -> checkpoints.position("relay") == 3);
            assertThat(relay.skipped(0, 10)).singleElement().satisfies(event -> {
                assertThat(event.position()).isEqualTo(2);
                assertThat(event.error()).contains("too large for this broker");
            });
            assertThat(transport.published).hasSize(3);
        }
    }

    @Test
    void bytes_under_way_are_bounded_too_and_a_single_larger_event_goes_alone() throws Exception {
        append("ada", 1, 2, 3, 4);
        try (var relay = builder("relay").limits(new RelayLimits(1_000, 1)).start()) {
            for (int i = 0; i < 4; i++) {
                int published = i + 1;
                await().until(() -> transport.published.size() == published);
                transport.confirm(i);
            }
            await().until(() -> checkpoints.position("relay") == 4);
        }
    }

    @Test
    void of_two_nodes_one_relays_and_the_other_takes_over() throws Exception {
        transport.confirmsAtOnce = true;
        try (var first = relay(EventFilter.all())) {
            await().until(() -> first.shardsHere() == 1);
            try (var second = relay(EventFilter.all())) {
                append("ada", 1, 2);
                second.awaitPosition(2, SOON);
                assertThat(second.shardsHere()).isZero();
                first.close();
                append("ada", 3);
                second.awaitPosition(3, SOON);
                assertThat(second.shardsHere()).isEqualTo(1);
                assertThat(transport.published).hasSize(3);
            }
        }
    }

    @Test
    void shards_relay_every_event_once_and_each_aggregate_in_order() throws Exception {
        transport.confirmsAtOnce = true;
        for (int i = 0; i < 30; i++) {
            append("a" + i, 1, 2, 3);
        }
        try (var relay =
                builder("relay").options(FollowOptions.defaults().withShards(4)).start()) {
            relay.awaitPosition(90, SOON);
            assertThat(relay.shardsHere()).isEqualTo(4);
            await().until(() -> checkpoints.position("relay") == 90);
        }
        Map<String, Long> versions = new HashMap<>();
        Map<String, EventRecord> records = new HashMap<>();
        store.storage()
                .readAll(0, EventFilter.all(), 100)
                .events()
                .forEach(stored -> records.put(stored.event().eventId().toString(), stored.event()));
        assertThat(transport.published).hasSize(90);
        for (ScriptedTransport.Published one : transport.published) {
            EventRecord record =
                    Objects.requireNonNull(records.get(one.message().id()));
            assertThat(record.aggregateVersion())
                    .isEqualTo(versions.merge(record.aggregateId().id(), 1L, Long::sum));
        }
    }

    @Test
    void a_new_relay_may_begin_now_or_behind_a_position() throws Exception {
        transport.confirmsAtOnce = true;
        append("ada", 1, 2, 3);
        try (var relay = builder("late").fromNow().start();
                var other = builder("behind").after(2).start()) {
            append("ada", 4);
            relay.awaitPosition(4, SOON);
            other.awaitPosition(4, SOON);
            assertThat(transport.published).hasSize(1 + 2);
        }
        try (var again = builder("late").fromNow().start()) {
            append("ada", 5);
            again.awaitPosition(5, SOON);
            assertThat(transport.published).hasSize(1 + 2 + 1);
        }
    }

    @Test
    void a_range_is_replayed_to_a_destination_of_its_own_and_no_relay_notices() throws Exception {
        append("ada", 1, 2, 3, 4);
        ScriptedTransport elsewhere = new ScriptedTransport();
        elsewhere.confirmsAtOnce = true;
        long count = new RangeReplay(
                        new Feed("replay", store.storage(), EventFilter.all()),
                        new EventBus(elsewhere, json),
                        RelayLimits.defaults())
                .run(1, 3);
        assertThat(count).isEqualTo(2);
        assertThat(elsewhere.published).hasSize(2);
        assertThat(transport.published).isEmpty();
        assertThat(checkpoints.position("relay")).isZero();
    }

    private OutboxRelay.Builder builder(String name) {
        return OutboxRelay.builder(name, store.storage(), checkpoints, new EventBus(transport, json));
    }

    private OutboxRelay relay(EventFilter filter) {
        return OutboxRelay.builder("relay", store.storage(), checkpoints, new EventBus(transport, json))
                .filter(filter)
                .start();
    }

    private void append(String account, long... cents) {
        for (long amount : cents) {
            store.append(Accounts.ACCOUNT.id(account), ExpectedVersion.any(), List.of(new Deposited(amount)));
        }
    }
}
