package io.eda.testkit;

import static io.eda.testkit.EventSamples.append;
import static io.eda.testkit.EventSamples.event;
import static io.eda.testkit.EventSamples.events;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.eda.event.AggregateId;
import io.eda.event.EventRecord;
import io.eda.event.EventType;
import io.eda.store.Append;
import io.eda.store.AppendResult;
import io.eda.store.ConcurrencyConflictException;
import io.eda.store.EventFilter;
import io.eda.store.EventPage;
import io.eda.store.EventStorage;
import io.eda.store.ExpectedVersion;
import io.eda.store.NewEvent;
import io.eda.store.StoredEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Proves the promises of {@link EventStorage} for one implementation:
 *
 * <pre>{@code
 * final class MyEventStorageIT extends EventStorageContract {
 *     @Override
 *     protected EventStorage openStorage() {
 *         return new MyEventStorage(RealServers.postgres().freshSchema());
 *     }
 * }
 * }</pre>
 *
 * <p>Durability over the death of a server is for each adapter to prove, with its own server.
 */
// Longer than other files: an adapter extends one class, and the promises are read as one list.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(60)
public abstract class EventStorageContract {

    private static final AggregateId ORDER = AggregateId.of("order", "42");
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @SuppressWarnings("NullAway.Init") // open() sets it before every test.
    private EventStorage storage;

    /** For subclasses. */
    protected EventStorageContract() {}

    /** Opens a storage without events; called before every test. It is closed behind it if it is {@code AutoCloseable}. */
    protected abstract EventStorage openStorage() throws Exception;

    @BeforeEach
    final void open() throws Exception {
        storage = openStorage();
    }

    @AfterEach
    final void close() throws Exception {
        if (storage instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }

    @Test
    void what_was_appended_is_what_is_read() throws Exception {
        List<NewEvent> appended = List.of(
                EventSamples.trickyEvent(),
                event("plain"),
                event(
                        EventType.of("thing.happened", 3),
                        Instant.parse("2190-01-01T00:00:00.000001Z"),
                        new byte[0],
                        EventSamples.trickyEvent().metadata()));
        AggregateId id = AggregateId.of("order-item_2", "größe/№ 42 'x' \\ 👩‍🚀");

        AppendResult result = storage.append(new Append(id, ExpectedVersion.noEvents(), appended));

        List<EventRecord> expected = List.of(
                appended.get(0).at(id, 1),
                appended.get(1).at(id, 2),
                appended.get(2).at(id, 3));
        List<StoredEvent<EventRecord>> read = storage.readAggregate(id, 1, 10);
        assertThat(read).extracting(StoredEvent::event).isEqualTo(expected);
        assertThat(result).isEqualTo(new AppendResult(3, read.get(2).position()));
        assertThat(everythingUpTo(result.lastPosition())).isEqualTo(read);
    }

    @Test
    void data_come_back_byte_for_byte() throws Exception {
        Random random = new Random(20261102);
        List<NewEvent> appended = new ArrayList<>();
        for (int size : new int[] {0, 1, 2, 255, 256, 1_999, 2_000, 8_191, 32_768, 65_535, 65_536}) {
            byte[] bytes = new byte[size];
            random.nextBytes(bytes);
            appended.add(event(EventType.of("bytes.drawn"), bytes));
            appended.add(event(EventType.of("zeros.drawn"), new byte[size]));
        }

        long position = storage.append(new Append(ORDER, ExpectedVersion.noEvents(), appended))
                .lastPosition();

        List<byte[]> expected = appended.stream().map(NewEvent::data).toList();
        assertThat(storage.readAggregate(ORDER, 1, 100))
                .extracting(stored -> stored.event().data())
                .containsExactlyElementsOf(expected);
        assertThat(everythingUpTo(position))
                .extracting(stored -> stored.event().data())
                .containsExactlyElementsOf(expected);
    }

    @Test
    void an_append_of_the_largest_number_of_events_keeps_their_order() throws Exception {
        List<NewEvent> appended = events(Append.MAX_EVENTS);

        AppendResult result = storage.append(new Append(ORDER, ExpectedVersion.noEvents(), appended));

        assertThat(result.lastVersion()).isEqualTo(Append.MAX_EVENTS);
        assertThat(everythingUpTo(result.lastPosition()))
                .extracting(stored -> stored.event().eventId())
                .isEqualTo(appended.stream().map(NewEvent::eventId).toList());
    }

    @Test
    void an_aggregate_that_nobody_wrote_has_no_events() {
        AggregateId customer = AggregateId.of("customer", "42");
        storage.append(append(customer, ExpectedVersion.noEvents(), 1));

        assertThat(storage.readAggregate(ORDER, 1, 10)).isEmpty();
        assertThat(storage.readAggregate(customer, 1, 10)).hasSize(1);
    }

    @Test
    void two_kinds_of_aggregates_may_share_an_id() {
        AggregateId customer = AggregateId.of("customer", ORDER.id());
        storage.append(append(ORDER, ExpectedVersion.noEvents(), 2));

        assertThat(storage.append(append(customer, ExpectedVersion.noEvents(), 1))
                        .lastVersion())
                .isEqualTo(1);
        assertThat(versions(customer)).containsExactly(1L);
        assertThat(versions(ORDER)).containsExactly(1L, 2L);
    }

    @Test
    void versions_go_on_without_a_hole_and_positions_ascend() {
        AppendResult first = storage.append(append(ORDER, ExpectedVersion.noEvents(), 2));
        AppendResult second = storage.append(append(ORDER, ExpectedVersion.exactly(2), 3));
        AppendResult third = storage.append(append(ORDER, ExpectedVersion.any(), 1));

        assertThat(List.of(first.lastVersion(), second.lastVersion(), third.lastVersion()))
                .containsExactly(2L, 5L, 6L);
        assertThat(List.of(0L, first.lastPosition(), second.lastPosition(), third.lastPosition()))
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(versions(ORDER)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    }

    @Test
    void an_aggregate_is_read_from_any_version_up_to_the_limit() {
        storage.append(append(ORDER, ExpectedVersion.noEvents(), 10));

        for (int from = 1; from <= 11; from++) {
            for (int limit = 1; limit <= 11; limit++) {
                assertThat(storage.readAggregate(ORDER, from, limit))
                        .extracting(stored -> stored.event().aggregateVersion())
                        .isEqualTo(LongStream.rangeClosed(from, Math.min(10, from + limit - 1L))
                                .boxed()
                                .toList());
            }
        }
    }

    @Test
    void an_append_that_expects_another_version_names_both_and_changes_nothing() throws Exception {
        long last = storage.append(append(ORDER, ExpectedVersion.noEvents(), 3)).lastPosition();
        List<StoredEvent<EventRecord>> before = everythingUpTo(last);

        for (long wrong : new long[] {0, 1, 2, 4, 5, 1_000_000}) {
            assertConflict(append(ORDER, ExpectedVersion.exactly(wrong), 2), 3);
        }
        assertConflict(append(AggregateId.of("order", "none"), ExpectedVersion.exactly(1), 1), 0);

        assertThat(versions(ORDER)).containsExactly(1L, 2L, 3L);
        assertThat(everythingUpTo(last)).isEqualTo(before);
        assertThat(storage.append(append(ORDER, ExpectedVersion.exactly(3), 1)).lastVersion())
                .isEqualTo(4);
    }

    @Test
    void an_append_can_be_repeated_and_does_nothing_twice() {
        storage.append(append(ORDER, ExpectedVersion.noEvents(), 1));
        Append append = append(ORDER, ExpectedVersion.exactly(1), 3);
        AppendResult first = storage.append(append);

        assertThat(storage.append(append)).isEqualTo(first);
        storage.append(append(ORDER, ExpectedVersion.exactly(4), 2));
        assertThat(storage.append(append)).isEqualTo(first);

        assertThat(versions(ORDER)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    }

    @Test
    void what_only_resembles_a_repetition_is_a_conflict() {
        List<NewEvent> events = events(2);
        storage.append(new Append(ORDER, ExpectedVersion.noEvents(), events));

        NewEvent first = events.get(0);
        NewEvent second = events.get(1);
        assertConflict(new Append(ORDER, ExpectedVersion.exactly(1), List.of(first)), 2);
        assertConflict(new Append(ORDER, ExpectedVersion.noEvents(), List.of(second, first)), 2);
        assertConflict(new Append(ORDER, ExpectedVersion.noEvents(), List.of(first, event("other"))), 2);
        assertConflict(new Append(ORDER, ExpectedVersion.noEvents(), List.of(first, second, event("third"))), 2);
        assertThat(versions(ORDER)).containsExactly(1L, 2L);
    }

    @Test
    void of_many_who_create_one_aggregate_exactly_one_wins() throws Exception {
        for (int round = 1; round <= 10; round++) {
            AggregateId id = AggregateId.of("order", "round " + round);
            List<Append> appends = IntStream.range(0, 16)
                    .mapToObj(i -> append(id, ExpectedVersion.noEvents(), 2))
                    .toList();

            List<Optional<UUID>> winners = Race.run(appends.stream()
                    .<Callable<Optional<UUID>>>map(append -> () -> tryAppend(append)
                            .map(result -> append.events().get(0).eventId()))
                    .toList());

            List<UUID> won = winners.stream().flatMap(Optional::stream).toList();
            assertThat(won).hasSize(1);
            assertThat(storage.readAggregate(id, 1, 10))
                    .hasSize(2)
                    .first()
                    .extracting(stored -> stored.event().eventId())
                    .isEqualTo(won.get(0));
        }
    }

    @Test
    void of_many_who_append_at_any_version_nobody_is_lost() throws Exception {
        List<Append> appends = IntStream.range(0, 20)
                .mapToObj(i -> append(ORDER, ExpectedVersion.any(), 1 + i % 3))
                .toList();

        List<AppendResult> results = Race.run(appends.stream()
                .<Callable<AppendResult>>map(append -> () -> storage.append(append))
                .toList());

        List<StoredEvent<EventRecord>> history = storage.readAggregate(ORDER, 1, 100);
        assertThat(versions(ORDER))
                .isEqualTo(LongStream.rangeClosed(1, history.size()).boxed().toList());
        for (int i = 0; i < appends.size(); i++) {
            int last = (int) results.get(i).lastVersion();
            List<UUID> ids =
                    appends.get(i).events().stream().map(NewEvent::eventId).toList();
            assertThat(history.subList(last - ids.size(), last))
                    .extracting(stored -> stored.event().eventId())
                    .isEqualTo(ids);
            assertThat(results.get(i).lastPosition())
                    .isEqualTo(history.get(last - 1).position());
        }
        assertThat(history)
                .hasSize(appends.stream().mapToInt(a -> a.events().size()).sum());
    }

    @Test
    void an_append_of_many_events_is_never_seen_half() throws Exception {
        for (int round = 1; round <= 20; round++) {
            AggregateId id = AggregateId.of("order", "round " + round);
            Append many = append(id, ExpectedVersion.noEvents(), 50);
            Append one = append(id, ExpectedVersion.noEvents(), 1);

            List<Boolean> outcomes = Race.run(List.<Callable<Boolean>>of(
                    () -> tryAppend(many).isPresent(), () -> tryAppend(one).isPresent(), () -> IntStream.range(0, 20)
                            .map(i -> storage.readAggregate(id, 1, 100).size())
                            .allMatch(size -> size == 0 || size == 1 || size == 50)));

            assertThat(outcomes.get(2)).as("what a reader sees meanwhile").isTrue();
            assertThat(outcomes.get(0)).isNotEqualTo(outcomes.get(1));
            assertThat(storage.readAggregate(id, 1, 100)).hasSize(outcomes.get(0) ? 50 : 1);
        }
    }

    @Test
    void pages_of_every_size_show_the_same() throws Exception {
        long last = 0;
        for (int i = 0; i < 12; i++) {
            last = storage.append(append(AggregateId.of("order", "" + i % 5), ExpectedVersion.any(), 1 + i % 4))
                    .lastPosition();
        }
        List<StoredEvent<EventRecord>> all = everythingUpTo(last);

        for (int limit = 1; limit <= all.size() + 1; limit++) {
            assertThat(EventSamples.readAll(storage, 0, EventFilter.all(), limit))
                    .isEqualTo(all);
        }
        for (int i = 0; i < all.size(); i++) {
            assertThat(EventSamples.readAll(storage, all.get(i).position(), EventFilter.all(), 7))
                    .isEqualTo(all.subList(i + 1, all.size()));
        }
    }

    @Test
    void a_filter_lets_its_types_pass_in_every_version_and_moves_on_over_the_others() throws Exception {
        List<EventType> types = List.of(
                EventType.of("a.done"), EventType.of("b.done"), EventType.of("a.done", 2), EventType.of("c.done"));
        for (EventType type : types) {
            storage.append(new Append(ORDER, ExpectedVersion.any(), List.of(event(type, new byte[] {1}))));
        }
        long last = storage.append(append(ORDER, ExpectedVersion.any(), 3)).lastPosition();
        assertThat(storage.awaitVisible(last, PATIENCE)).isGreaterThanOrEqualTo(last);

        for (int limit : new int[] {1, 2, 10}) {
            assertThat(EventSamples.readAll(storage, 0, EventFilter.types(Set.of("a.done")), limit))
                    .extracting(stored -> stored.event().eventType())
                    .containsExactly(types.get(0), types.get(2));
            assertThat(EventSamples.readAll(storage, 0, EventFilter.types(Set.of("c.done", "b.done", "x.done")), limit))
                    .extracting(stored -> stored.event().eventType())
                    .containsExactly(types.get(1), types.get(3));
        }
        EventPage nothing = storage.readAll(0, EventFilter.types(Set.of("x.done")), 5);
        assertThat(nothing.events()).isEmpty();
        assertThat(nothing.position()).isGreaterThanOrEqualTo(last);
    }

    @Test
    void an_event_is_found_by_its_id_wherever_it_stands() {
        storage.append(append(AggregateId.of("customer", "7"), ExpectedVersion.noEvents(), 2));
        Append append = append(ORDER, ExpectedVersion.any(), 3);
        long last = storage.append(append).lastPosition();
        storage.append(append(ORDER, ExpectedVersion.any(), 2));

        NewEvent third = append.events().get(2);
        assertThat(storage.findEvent(third.eventId())).hasValue(new StoredEvent<>(last, third.at(ORDER, 3)));
        assertThat(storage.findEvent(UUID.randomUUID())).isEmpty();
    }

    @Test
    void at_the_end_there_is_an_empty_last_page() throws Exception {
        assertThat(storage.readAll(0, EventFilter.all(), 5)).isEqualTo(new EventPage(List.of(), 0, 0));
        long last = storage.append(append(ORDER, ExpectedVersion.any(), 3)).lastPosition();
        assertThat(storage.awaitVisible(last, PATIENCE)).isGreaterThanOrEqualTo(last);

        EventPage page = storage.readAll(last, EventFilter.all(), 5);

        assertThat(page.events()).isEmpty();
        assertThat(page.isLast()).isTrue();
        assertThat(page.position()).isGreaterThanOrEqualTo(last);
    }

    @Test
    void whoever_was_told_that_there_is_more_reads_it_in_order_and_up_to_the_end() throws Exception {
        long first =
                storage.append(append(ORDER, ExpectedVersion.noEvents(), 3)).lastPosition();
        assertThat(storage.awaitVisible(first, PATIENCE)).isGreaterThanOrEqualTo(first);
        EventPage told = storage.readVisible(0, EventFilter.all(), 5);
        long second = storage.append(append(ORDER, ExpectedVersion.any(), 2)).lastPosition();
        assertThat(storage.awaitVisible(second, PATIENCE)).isGreaterThanOrEqualTo(second);
        EventPage toldAgain = storage.readVisible(told.position(), EventFilter.all(), 5);
        EventPage notTold = storage.readVisible(toldAgain.position(), EventFilter.all(), 5);

        assertThat(Stream.of(told, toldAgain).flatMap(page -> page.events().stream()))
                .extracting(stored -> stored.event().aggregateVersion())
                .containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(notTold.events()).isEmpty();
        assertThat(notTold.isLast()).isTrue();
    }

    @Test
    void waiting_ends_when_the_event_can_be_read_or_the_time_is_over() throws Exception {
        assertThat(storage.awaitVisible(1, Duration.ZERO)).isZero();
        assertThat(storage.awaitVisible(1, Duration.ofMillis(30))).isZero();

        AppendResult first = storage.append(append(ORDER, ExpectedVersion.noEvents(), 2));
        long visible = storage.awaitVisible(first.lastPosition(), PATIENCE);

        assertThat(visible).isGreaterThanOrEqualTo(first.lastPosition());
        assertThat(EventSamples.readAll(storage, 0, EventFilter.all(), 10)).hasSize(2);
        assertThat(storage.awaitVisible(first.lastPosition(), Duration.ZERO)).isGreaterThanOrEqualTo(visible);
        assertThat(storage.awaitVisible(visible + 1_000, Duration.ofMillis(30))).isLessThan(visible + 1_000);
    }

    @Test
    void who_waits_is_woken_by_the_next_append() throws Exception {
        long before =
                storage.append(append(ORDER, ExpectedVersion.noEvents(), 1)).lastPosition();

        List<Long> positions = Race.run(List.<Callable<Long>>of(
                () -> storage.awaitVisible(before + 1, PATIENCE),
                () -> storage.awaitVisible(before + 1, PATIENCE),
                () -> storage.append(append(ORDER, ExpectedVersion.any(), 1)).lastPosition()));

        assertThat(positions.subList(0, 2)).allMatch(visible -> visible >= positions.get(2));
    }

    @Test
    void followers_of_racing_writers_miss_nothing_and_see_every_aggregate_in_order() throws Exception {
        StorageRace race = new StorageRace(storage, 8, 40);

        List<List<StoredEvent<EventRecord>>> followed = race.run(List.of(1, 7, 100));

        List<StoredEvent<EventRecord>> all = EventSamples.readAll(storage, 0, EventFilter.all(), 1_000);
        assertThat(all)
                .extracting(stored -> stored.event().eventId())
                .containsExactlyInAnyOrderElementsOf(race.acknowledged());
        assertThat(followed).allSatisfy(seen -> assertThat(seen).isEqualTo(all));
        for (AggregateId id : race.aggregates()) {
            List<Long> versions = all.stream()
                    .filter(stored -> stored.event().aggregateId().equals(id))
                    .map(stored -> stored.event().aggregateVersion())
                    .toList();
            assertThat(versions)
                    .isEqualTo(
                            LongStream.rangeClosed(1, versions.size()).boxed().toList());
        }
    }

    private List<StoredEvent<EventRecord>> everythingUpTo(long position) throws InterruptedException {
        assertThat(storage.awaitVisible(position, PATIENCE)).isGreaterThanOrEqualTo(position);
        return EventSamples.readAll(storage, 0, EventFilter.all(), 100);
    }

    private List<Long> versions(AggregateId id) {
        return storage.readAggregate(id, 1, 1_000).stream()
                .map(stored -> stored.event().aggregateVersion())
                .toList();
    }

    private Optional<AppendResult> tryAppend(Append append) {
        try {
            return Optional.of(storage.append(append));
        } catch (ConcurrencyConflictException e) {
            return Optional.empty();
        }
    }

    private void assertConflict(Append append, long actualVersion) {
        ConcurrencyConflictException conflict =
                catchThrowableOfType(ConcurrencyConflictException.class, () -> storage.append(append));
        assertThat(conflict).as("the conflict of %s", append).isNotNull();
        assertThat(conflict.aggregateId()).isEqualTo(append.aggregateId());
        assertThat(conflict.expectedVersion()).isEqualTo(append.expectedVersion());
        assertThat(conflict.actualVersion()).isEqualTo(actualVersion);
    }
}
