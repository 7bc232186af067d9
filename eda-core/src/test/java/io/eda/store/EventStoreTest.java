package io.eda.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.eda.aggregate.Aggregate;
import io.eda.aggregate.AggregateState;
import io.eda.aggregate.Evolution;
import io.eda.event.AggregateId;
import io.eda.event.Event;
import io.eda.event.EventType;
import io.eda.event.Metadata;
import io.eda.event.Origin;
import io.eda.inmemory.InMemoryEventStorage;
import io.eda.serialization.EventDeserializationException;
import io.eda.serialization.EventSerializationException;
import io.eda.serialization.EventTypes;
import io.eda.serialization.JacksonEventSerializer;
import io.eda.serialization.UpcastEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class EventStoreTest {

    private static final AggregateId CART = AggregateId.of("cart", "42");
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456789Z");

    sealed interface CartEvent {}

    record ItemAdded(String product) implements CartEvent {}

    record CartCleared() implements CartEvent {}

    record Unrelated() {}

    private static final Aggregate<List<String>, CartEvent> AGGREGATE = Aggregate.of(
            "cart",
            List.of(),
            Evolution.<List<String>, CartEvent>over(CartEvent.class)
                    .on(ItemAdded.class, EventStoreTest::with)
                    .on(CartCleared.class, (items, cleared) -> List.of())
                    .build());

    private final InMemoryEventStorage storage = new InMemoryEventStorage();
    private final EventStore store = new EventStore(
            storage,
            new JacksonEventSerializer(EventTypes.builder()
                    .add(
                            "item.added",
                            2,
                            ItemAdded.class,
                            upcast -> upcast.from(
                                    1,
                                    json -> json.put(
                                            "product", json.remove("sku").stringValue())))
                    .add("cart.cleared", CartCleared.class)
                    .upcast(
                            EventType.of("items.replaced"),
                            Set.of(EventType.of("cart.cleared"), EventType.of("item.added", 2)),
                            json -> List.of(
                                    new UpcastEvent(EventType.of("cart.cleared"), json.deepCopy()),
                                    new UpcastEvent(EventType.of("item.added", 2), json)))
                    .upcast(EventType.of("cart.looked_at"), Set.of(), json -> List.of())
                    .build()),
            Clock.fixed(NOON, ZoneOffset.UTC));

    @Test
    void of_two_appends_that_expect_the_same_version_the_second_is_refused_and_changes_nothing() {
        store.append(CART, ExpectedVersion.noEvents(), List.of(new ItemAdded("tea")));

        assertThatExceptionOfType(ConcurrencyConflictException.class)
                .isThrownBy(() -> store.append(CART, ExpectedVersion.noEvents(), List.of(new ItemAdded("mug"))))
                .withMessage("Append to cart/42 expected no events but it is at version 1. Another writer was first:"
                        + " reload the aggregate and decide again.");
        assertThat(store.rebuildAggregate(AGGREGATE, "42").state()).containsExactly("tea");
    }

    @Test
    void a_fact_that_is_not_in_the_catalogue_is_refused_and_nothing_is_stored() {
        assertThatExceptionOfType(EventSerializationException.class)
                .isThrownBy(() ->
                        store.append(CART, ExpectedVersion.any(), List.of(new ItemAdded("tea"), new Unrelated())));
        assertThat(store.getEvents(CART)).isEmpty();
    }

    @Test
    void no_fact_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.append(CART, ExpectedVersion.any(), List.of()))
                .withMessageContaining("has 0 events");
    }

    @Test
    void a_stored_event_that_cannot_be_read_stops_a_rebuild_instead_of_being_skipped() {
        store.append(CART, ExpectedVersion.noEvents(), List.of(new ItemAdded("tea")));
        storage.append(old("cart.exploded", "{}"));

        assertThatExceptionOfType(EventDeserializationException.UnknownType.class)
                .isThrownBy(() -> store.rebuildAggregate(AGGREGATE, "42"));
        assertThatExceptionOfType(EventDeserializationException.UnknownType.class)
                .isThrownBy(() -> store.getEvents(CART));
    }

    @Test
    void an_aggregate_that_does_not_exist_has_no_events_and_its_initial_state() {
        assertThat(store.getEvents(CART)).isEmpty();
        assertThat(store.rebuildAggregate(AGGREGATE, "42")).isEqualTo(AGGREGATE.initial("42"));
    }

    @Test
    void a_prepared_append_that_is_repeated_happens_once_and_answers_the_same() {
        Append append = store.prepare(
                CART,
                ExpectedVersion.noEvents(),
                List.of(new ItemAdded("tea"), new ItemAdded("mug")),
                Origin.startedBy("request"));
        AppendResult first = store.append(append);
        store.append(CART, ExpectedVersion.exactly(2), List.of(new CartCleared()));

        assertThat(store.append(append)).isEqualTo(first).isEqualTo(new AppendResult(2, 2));
        assertThat(store.getEvents(CART)).hasSize(3);
    }

    @Test
    void an_append_that_nobody_waits_for_is_answered_counted_and_observed_as_others_are() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        store.bindTo(meters);
        List<String> observed = new ArrayList<>();
        ObservationRegistry observations = ObservationRegistry.create();
        observations.observationConfig().observationHandler(new ObservationHandler<Observation.Context>() {
            @Override
            public void onStop(Observation.Context context) {
                observed.add(context.getName() + " "
                        + context.getLowCardinalityKeyValue("outcome").getValue() + " " + context.getError());
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
        EventStore asked = store.observedBy(observations);

        assertThat(asked.appendAsync(firstItem("tea"))).isCompletedWithValue(new AppendResult(1, 1));
        CompletableFuture<AppendResult> second = asked.appendAsync(firstItem("mug"));

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(second::get)
                .withCauseInstanceOf(ConcurrencyConflictException.class);
        assertThat(store.rebuildAggregate(AGGREGATE, "42").state()).containsExactly("tea");
        for (String outcome : List.of("stored", "conflict")) {
            assertThat(meters.get("eda.store.append")
                            .tag("outcome", outcome)
                            .timer()
                            .count())
                    .isEqualTo(1);
        }
        assertThat(observed).hasSize(2);
        assertThat(observed.get(0)).isEqualTo("eda.append stored null");
        assertThat(observed.get(1)).startsWith("eda.append conflict ").contains("expected no events");
    }

    private Append firstItem(String product) {
        return store.prepare(
                CART, ExpectedVersion.noEvents(), List.of(new ItemAdded(product)), Origin.startedBy("command"));
    }

    @Test
    void preparing_stores_nothing() {
        Append unused = store.prepare(
                CART, ExpectedVersion.noEvents(), List.of(new ItemAdded("tea")), Origin.startedBy("request"));

        assertThat(unused.events()).hasSize(1);
        assertThat(store.getEvents(CART)).isEmpty();
    }

    @Test
    void the_origin_flows_into_every_event() {
        Metadata metadata = Metadata.of("traceparent", "00-1-2-01");
        store.append(
                CART,
                ExpectedVersion.noEvents(),
                List.of(new ItemAdded("tea"), new CartCleared()),
                new Origin("conversation", "command-7", metadata));

        assertThat(store.getEvents(CART)).hasSize(2).allSatisfy(event -> {
            assertThat(event.correlationId()).isEqualTo("conversation");
            assertThat(event.causationId()).isEqualTo("command-7");
            assertThat(event.metadata()).isEqualTo(metadata);
        });
    }

    @Test
    void facts_without_an_origin_start_a_conversation_of_their_own() {
        store.append(CART, ExpectedVersion.any(), List.of(new ItemAdded("tea"), new ItemAdded("mug")));
        store.append(CART, ExpectedVersion.any(), List.of(new CartCleared()));

        List<Event<?>> events = store.getEvents(CART);
        assertThat(events).allSatisfy(event -> assertThat(event.causationId()).isEqualTo(event.correlationId()));
        assertThat(events.get(0).correlationId()).isEqualTo(events.get(1).correlationId());
        assertThat(events.get(2).correlationId()).isNotEqualTo(events.get(0).correlationId());
    }

    @Test
    void what_was_appended_is_read_with_its_type_time_and_version() {
        AppendResult result =
                store.append(CART, ExpectedVersion.noEvents(), List.of(new ItemAdded("tea"), new CartCleared()));

        assertThat(result).isEqualTo(new AppendResult(2, 2));
        List<Event<?>> events = store.getEvents(CART);
        assertThat(events).extracting(Event::data).isEqualTo(List.of(new ItemAdded("tea"), new CartCleared()));
        assertThat(events).extracting(Event::aggregateVersion).containsExactly(1L, 2L);
        assertThat(events)
                .extracting(Event::eventType)
                .containsExactly(EventType.of("item.added", 2), EventType.of("cart.cleared"));
        assertThat(events).extracting(Event::aggregateId).containsOnly(CART);
        assertThat(events).extracting(Event::timestamp).containsOnly(Instant.parse("2026-03-01T12:00:00.123456Z"));
        assertThat(events).extracting(event -> event.eventId().version()).containsOnly(7);
    }

    @Test
    void more_events_than_one_page_are_read_completely_and_in_order() {
        // 500 is the size of a page: one event less, exactly one page, one more, and more than two.
        for (int count : new int[] {499, 500, 501, 1_000, 1_203}) {
            AggregateId cart = AggregateId.of("cart", "of-" + count);
            appendItems(cart, count);

            assertThat(store.getEvents(cart))
                    .extracting(Event::aggregateVersion)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, count).boxed().toList());
            AggregateState<List<String>> state = store.rebuildAggregate(AGGREGATE, cart.id());
            assertThat(state.version()).isEqualTo(count);
            assertThat(state.state()).hasSize(count).last().isEqualTo("item-" + (count - 1));
        }
    }

    @Test
    void reading_from_a_version_starts_with_that_version() {
        appendItems(CART, 600);

        assertThat(store.getEventsFromVersion(CART, 50))
                .extracting(Event::aggregateVersion)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(50, 600).boxed().toList());
        assertThat(store.getEventsFromVersion(CART, 600)).hasSize(1);
        assertThat(store.getEventsFromVersion(CART, 601)).isEmpty();
    }

    @Test
    void catching_up_reads_only_what_came_since_and_keeps_the_instance_where_nothing_did() {
        appendItems(CART, 600);
        AggregateState<List<String>> known = store.rebuildAggregate(AGGREGATE, "42");

        assertThat(store.catchUp(AGGREGATE, known)).isSameAs(known);

        AppendResult result =
                store.append(CART, ExpectedVersion.exactly(600), List.of(new CartCleared(), new ItemAdded("last")));
        assertThat(store.catchUp(AGGREGATE, known))
                .isEqualTo(new AggregateState<>(CART, 602, result.lastPosition(), List.of("last")));
    }

    @Test
    void history_in_old_shapes_is_rebuilt_as_todays_with_one_version_per_stored_event() {
        storage.append(old("item.added", "{\"sku\":\"tea\"}"));
        storage.append(old("items.replaced", "{\"product\":\"mug\"}"));
        storage.append(old("cart.looked_at", "{}"));
        store.append(CART, ExpectedVersion.exactly(3), List.of(new ItemAdded("pot")));

        assertThat(store.getEvents(CART))
                .extracting(Event::data)
                .isEqualTo(
                        List.of(new ItemAdded("tea"), new CartCleared(), new ItemAdded("mug"), new ItemAdded("pot")));
        assertThat(store.getEvents(CART)).extracting(Event::aggregateVersion).containsExactly(1L, 2L, 2L, 4L);
        assertThat(store.rebuildAggregate(AGGREGATE, "42"))
                .isEqualTo(new AggregateState<>(CART, 4, 4, List.of("mug", "pot")));
    }

    @Test
    void an_event_that_means_nothing_any_more_still_moves_the_version_on() {
        storage.append(old("cart.looked_at", "{}"));

        assertThat(store.rebuildAggregate(AGGREGATE, "42")).isEqualTo(new AggregateState<>(CART, 1, 1, List.of()));
    }

    @Test
    void a_filter_for_a_class_lets_its_older_names_pass() {
        assertThat(store.filterFor(List.of(ItemAdded.class)))
                .isEqualTo(EventFilter.types(Set.of("item.added", "items.replaced")));
    }

    @Test
    void two_aggregates_of_one_number_share_nothing() {
        store.append(CART, ExpectedVersion.noEvents(), List.of(new ItemAdded("tea")));

        assertThat(store.append(AggregateId.of("basket", "42"), ExpectedVersion.noEvents(), List.of(new CartCleared())))
                .isEqualTo(new AppendResult(1, 2));
        assertThat(store.getEvents(CART)).hasSize(1);
    }

    private void appendItems(AggregateId cart, int count) {
        List<ItemAdded> items = IntStream.range(0, count)
                .mapToObj(i -> new ItemAdded("item-" + i))
                .toList();
        for (int from = 0; from < count; from += Append.MAX_EVENTS) {
            store.append(
                    cart,
                    ExpectedVersion.exactly(from),
                    items.subList(from, Math.min(from + Append.MAX_EVENTS, count)));
        }
    }

    /** What an earlier release stored. */
    private static Append old(String name, String json) {
        return new Append(
                CART,
                ExpectedVersion.any(),
                List.of(new NewEvent(
                        UUID.randomUUID(),
                        EventType.of(name),
                        NOON,
                        "conversation",
                        "cause",
                        json.getBytes(StandardCharsets.UTF_8),
                        Metadata.empty())));
    }

    private static List<String> with(List<String> items, ItemAdded added) {
        List<String> more = new ArrayList<>(items);
        more.add(added.product());
        return List.copyOf(more);
    }
}
