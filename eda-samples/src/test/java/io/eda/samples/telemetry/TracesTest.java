package io.eda.samples.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.eda.bus.EventBus;
import io.eda.bus.SubscriptionOptions;
import io.eda.command.CommandBus;
import io.eda.event.Event;
import io.eda.inmemory.InMemoryCheckpointStore;
import io.eda.inmemory.InMemoryEventStorage;
import io.eda.inmemory.InMemoryTransport;
import io.eda.outbox.OutboxRelay;
import io.eda.projection.Projection;
import io.eda.projection.ProjectionRunner;
import io.eda.retry.Backoff;
import io.eda.retry.RetryPolicy;
import io.eda.samples.telemetry.Note.Write;
import io.eda.samples.telemetry.Note.Written;
import io.eda.store.EventStore;
import io.eda.store.ExpectedVersion;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a tracer is told in less simple cases, over the in-memory adapters. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class TracesTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final RetryPolicy TWO_ATTEMPTS = RetryPolicy.defaults()
            .withBackoff(new Backoff(Duration.ofMillis(1), Duration.ofMillis(5)))
            .withAttempts(2, 0);

    private final Spans spans = new Spans();
    private final InMemoryEventStorage storage = new InMemoryEventStorage();
    private final EventStore store = new EventStore(storage, Note.json()).observedBy(spans.registry());
    private final CommandBus commands = CommandBus.builder(store)
            .observedBy(spans.registry())
            .handle(Write.class, Note.AGGREGATE, Write::noteId, Note::write)
            .build();
    private final InMemoryCheckpointStore<List<String>> checkpoints =
            new InMemoryCheckpointStore<>(new CopyOnWriteArrayList<>());

    @AfterEach
    void stop() {
        spans.close();
    }

    @Test
    void each_attempt_is_a_step_of_its_delivery_and_tells_its_error() throws Exception {
        CopyOnWriteArrayList<Event<?>> handled = new CopyOnWriteArrayList<>();
        try (EventBus bus = bus();
                var subscription =
                        bus.subscribe(SubscriptionOptions.forGroup("mail").withRetry(TWO_ATTEMPTS), event -> {
                            handled.add(event);
                            if (handled.size() == 1) {
                                throw new IllegalStateException("the mail server is away");
                            }
                        });
                var relay = relay(bus)) {
            commands.dispatch(new Write("a", "hello"));
            await().atMost(SOON).until(() -> named("receive note.written").size() == 1);
            SpanData delivery = named("receive note.written").get(0);
            List<SpanData> attempts = named("handle note.written");
            assertThat(attempts).hasSize(2).allSatisfy(attempt -> assertThat(attempt.getParentSpanId())
                    .isEqualTo(delivery.getSpanId()));
            assertThat(attempts)
                    .extracting(attempt -> attempt.getStatus().getStatusCode())
                    .containsExactly(StatusCode.ERROR, StatusCode.OK);
            assertThat(delivery.getStatus().getStatusCode()).isNotEqualTo(StatusCode.ERROR);
        }
    }

    @Test
    void what_goes_to_the_dead_letters_ends_its_delivery_with_the_error() throws Exception {
        try (EventBus bus = bus();
                var subscription =
                        bus.subscribe(SubscriptionOptions.forGroup("mail").withRetry(TWO_ATTEMPTS), event -> {
                            throw new IllegalStateException("never");
                        });
                var relay = relay(bus)) {
            commands.dispatch(new Write("a", "hello"));
            await().atMost(SOON).until(() -> named("receive note.written").size() == 1);
            assertThat(named("receive note.written").get(0).getStatus().getStatusCode())
                    .isEqualTo(StatusCode.ERROR);
            assertThat(bus.deadLetters("mail").list(10)).hasSize(1);
        }
    }

    @Test
    void a_delivery_that_is_given_back_is_told_too() {
        try (EventBus bus = bus()) {
            var subscription = bus.subscribe(
                    SubscriptionOptions.forGroup("mail")
                            .withRetry(RetryPolicy.defaults()
                                    .withBackoff(new Backoff(Duration.ofMinutes(5), Duration.ofMinutes(5)))
                                    .withAttempts(1, 9)),
                    event -> {
                        throw new IllegalStateException("not now");
                    });
            var unused = bus.publish(event("a"));
            await().atMost(SOON).until(() -> named("handle note.written").size() == 1);
            assertThat(named("receive note.written")).isEmpty();
            subscription.close();
            assertThat(named("receive note.written")).hasSize(1);
        }
    }

    @Test
    void a_page_of_one_trace_is_a_step_of_it() throws Exception {
        commands.dispatch(new Write("a", "hello"));
        project();
        assertThat(named("project lines").get(0).getParentSpanId())
                .isEqualTo(named("append note").get(0).getSpanId());
    }

    @Test
    void a_rejection_is_an_answer_and_no_error() {
        assertThatThrownBy(() -> commands.dispatch(new Write("a", "refused")))
                .isInstanceOf(IllegalArgumentException.class);
        SpanData command = named("command Write").get(0);
        assertThat(command.getStatus().getStatusCode()).isNotEqualTo(StatusCode.ERROR);
        assertThat(command.getAttributes().asMap().toString()).contains("outcome=rejected");
    }

    @Test
    void baggage_and_data_are_told_to_nobody() throws Exception {
        CopyOnWriteArrayList<Event<?>> handled = new CopyOnWriteArrayList<>();
        try (EventBus bus = bus();
                var subscription = bus.subscribe(SubscriptionOptions.forGroup("mail"), handled::add);
                var relay = relay(bus)) {
            try (Scope scope = Baggage.builder()
                    .put("password", "swordfish")
                    .build()
                    .storeInContext(Context.current())
                    .makeCurrent()) {
                commands.dispatch(new Write("a", "a secret line"));
                assertThat(scope).isNotNull();
            }
            await().atMost(SOON).until(() -> named("receive note.written").size() == 1);
        }
        assertThat(handled.get(0).metadata().asMap()).containsOnlyKeys("traceparent");
        assertThat(store.getEvents(Note.AGGREGATE.id("a")).get(0).metadata().asMap())
                .containsOnlyKeys("traceparent");
        assertThat(spans.all()).isNotEmpty().allSatisfy(span -> assertThat(
                        span.getAttributes().asMap().toString() + span.getName())
                .doesNotContain("swordfish", "secret", "\"a\""));
    }

    @Test
    void an_event_that_is_published_and_was_never_stored_is_a_trace_of_its_own() {
        try (EventBus bus = bus()) {
            bus.publish(event("a")).join();
        }
        assertThat(spans.all()).extracting(SpanData::getName).containsExactly("publish note.written");
    }

    private EventBus bus() {
        return EventBus.builder(InMemoryTransport.confirmingWhenHandled(), Note.json())
                .observedBy(spans.registry())
                .build();
    }

    private OutboxRelay relay(EventBus bus) {
        return OutboxRelay.builder("relay", storage, checkpoints, bus).start();
    }

    private void project() throws Exception {
        Projection<List<String>> lines = Projection.<List<String>>named("lines")
                .on(Written.class, (event, read) -> read.add(event.data().text()))
                .build();
        try (var runner = ProjectionRunner.of(lines, store, checkpoints)
                .observedBy(spans.registry())
                .start()) {
            runner.awaitPosition(storage.awaitVisible(Long.MAX_VALUE, Duration.ZERO), SOON);
        }
    }

    private static Event<Written> event(String note) {
        EventStore unobserved = new EventStore(new InMemoryEventStorage(), Note.json());
        var unused =
                unobserved.append(Note.AGGREGATE.id(note), ExpectedVersion.noEvents(), List.of(new Written("hello")));
        Event<?> stored = unobserved.getEvents(Note.AGGREGATE.id(note)).get(0);
        return new Event<>(
                stored.eventId(),
                stored.eventType(),
                stored.timestamp(),
                stored.correlationId(),
                stored.causationId(),
                stored.aggregateId(),
                stored.aggregateVersion(),
                new Written("hello"),
                stored.metadata());
    }

    private List<SpanData> named(String name) {
        return spans.all().stream().filter(span -> span.getName().equals(name)).toList();
    }
}
