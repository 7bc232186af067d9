package io.eda.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eda.Accounts;
import io.eda.Accounts.Deposited;
import io.eda.Accounts.Opened;
import io.eda.Accounts.Withdrawn;
import io.eda.event.Event;
import io.eda.inmemory.InMemoryCheckpointStore;
import io.eda.inmemory.InMemoryEventStorage;
import io.eda.serialization.JacksonEventSerializer;
import io.eda.store.EventStore;
import io.eda.store.ExpectedVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Batches over a store that cannot undo failed work; the suite of checkpoint stores has those that can. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class BatchHandlerTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final EventStore store =
            new EventStore(new InMemoryEventStorage(), new JacksonEventSerializer(Accounts.TYPES));
    private final List<List<Event<?>>> batches = new ArrayList<>();

    private final Projection<List<List<Event<?>>>> projection = Projection.<List<List<Event<?>>>>named("batches")
            .inBatches(List.of(Deposited.class, Withdrawn.class), (events, seen) -> seen.add(events))
            .clearedBy(List::clear)
            .build();

    @Test
    void it_gets_the_events_of_its_classes_alone_in_their_order() throws Exception {
        List<Event<?>> events = new ArrayList<>();
        append("ada", new Opened("Ada"), new Deposited(5), new Withdrawn(3));
        append("bob", new Deposited(7));
        events.addAll(store.getEvents(Accounts.ACCOUNT.id("ada")));
        events.addAll(store.getEvents(Accounts.ACCOUNT.id("bob")));

        projection.apply(events, batches);
        projection.apply(events.subList(0, 1), batches);

        assertThat(batches).hasSize(1);
        assertThat(batches.get(0))
                .extracting(Event::data)
                .isEqualTo(List.of(new Deposited(5), new Withdrawn(3), new Deposited(7)));
        assertThat(projection.eventClasses()).containsExactlyInAnyOrder(Deposited.class, Withdrawn.class);
    }

    @Test
    void where_failed_work_cannot_be_undone_every_event_comes_alone() throws Exception {
        append("ada", new Opened("Ada"), new Deposited(5), new Withdrawn(3), new Deposited(1));
        List<List<Event<?>>> seen = Collections.synchronizedList(new ArrayList<>());
        try (var runner = ProjectionRunner.of(projection, store, new InMemoryCheckpointStore<>(seen))
                .start()) {
            runner.awaitPosition(4, SOON);
        }
        assertThat(seen).hasSize(3).allSatisfy(batch -> assertThat(batch).hasSize(1));
    }

    @Test
    void a_projection_handles_single_events_or_batches_and_not_both() {
        var both = Projection.<Object>named("both")
                .on(Opened.class, (event, read) -> {})
                .inBatches(List.of(Deposited.class), (events, read) -> {});
        assertThatThrownBy(both::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'both' has handlers for single events and for batches");
        assertThatThrownBy(() -> both.inBatches(List.of(Opened.class), (events, read) -> {}))
                .hasMessageContaining("has a handler for batches already");
        assertThatThrownBy(() -> Projection.<Object>named("none")
                        .inBatches(List.of(), (events, read) -> {})
                        .build())
                .hasMessageContaining("handles no event");
    }

    private void append(String account, Accounts.Fact... facts) {
        store.append(Accounts.ACCOUNT.id(account), ExpectedVersion.any(), List.of(facts));
    }
}
