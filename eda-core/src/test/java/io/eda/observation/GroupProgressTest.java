package io.eda.observation;

import static org.assertj.core.api.Assertions.assertThat;

import io.eda.Accounts;
import io.eda.Accounts.Deposited;
import io.eda.bus.Deduplication;
import io.eda.bus.EventBus;
import io.eda.bus.SubscriptionOptions;
import io.eda.idempotency.IdempotencyKey;
import io.eda.inmemory.InMemoryCheckpointStore;
import io.eda.inmemory.InMemoryEventStorage;
import io.eda.inmemory.InMemoryIdempotencyStore;
import io.eda.inmemory.InMemoryTransport;
import io.eda.outbox.OutboxRelay;
import io.eda.serialization.JacksonEventSerializer;
import io.eda.store.EventStore;
import io.eda.store.ExpectedVersion;
import io.eda.transport.GroupProgress;
import io.eda.transport.GroupProgress.Passed;
import io.eda.transport.GroupProgress.Unknown;
import io.eda.transport.GroupProgress.Waiting;
import io.eda.transport.Message;
import io.eda.transport.ProgressRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a lifecycle makes of what a broker tells about a group, beside what others tell. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class GroupProgressTest {

    private static final SubscriptionOptions MAIL = SubscriptionOptions.forGroup("mail");

    private final JacksonEventSerializer json = new JacksonEventSerializer(Accounts.TYPES);
    private final InMemoryEventStorage storage = new InMemoryEventStorage();
    private final EventStore store = new EventStore(storage, json);
    private final List<ProgressRequest> asked = new ArrayList<>();
    private Function<ProgressRequest, GroupProgress> broker = request -> new Unknown("nobody was told to answer");
    private final TellingTransport transport =
            new TellingTransport(InMemoryTransport.confirmingWhenAccepted(), request -> {
                asked.add(request);
                return Collections.nCopies(request.messages().size(), broker.apply(request));
            });
    private final EventBus bus = new EventBus(transport, json);

    @AfterEach
    void close() {
        bus.close();
    }

    @Test
    void what_the_broker_tells_is_told() {
        UUID id = deposit();
        broker = request -> new Passed("it stands at 7");
        assertThat(outcome(MAIL, id)).isEqualTo(new Outcome.Passed("it stands at 7"));
        assertThat(lifecycle(MAIL).of(id).orElseThrow().asText())
                .contains("The group 'mail' has handled it: it stands at 7.");
        broker = request -> new Waiting(3, "it stands at 7");
        assertThat(outcome(MAIL, id))
                .isEqualTo(new Outcome.NotYet("it stands at 7, with at most 3 messages before it"));
        broker = request -> new Waiting(0, "it stands at 7");
        assertThat(outcome(MAIL, id)).isEqualTo(new Outcome.NotYet("it stands at 7, with nothing before it"));
        assertThat(lifecycle(MAIL).of(id).orElseThrow().asText())
                .contains("The group 'mail' has not handled it yet: it stands at 7, with nothing before it.");
    }

    @Test
    void it_is_asked_for_the_event_by_its_id_topic_key_and_time_and_within_the_limits() {
        UUID id = deposit();
        outcome(MAIL, id);
        assertThat(asked).singleElement().satisfies(request -> {
            assertThat(request.group()).isEqualTo("mail");
            assertThat(request.maxRecords()).isEqualTo(77);
            assertThat(request.timeout()).isEqualTo(Duration.ofSeconds(9));
            assertThat(request.messages())
                    .containsExactly(new ProgressRequest.Sought(
                            id.toString(),
                            "account",
                            "ada",
                            storage.findEvent(id).orElseThrow().event().timestamp()));
        });
    }

    @Test
    void what_it_cannot_tell_is_unknown_with_its_reason() {
        UUID id = deposit();
        broker = request -> new Unknown("it is gone");
        assertThat(outcome(MAIL, id))
                .isEqualTo(new Outcome.Unknown("it is gone; with deduplication its store would tell"));
        try (EventBus forgetful = new EventBus(InMemoryTransport.confirmingWhenAccepted(), json)) {
            assertThat(EventLifecycle.builder(storage)
                            .group(forgetful, MAIL)
                            .build()
                            .of(id)
                            .orElseThrow()
                            .asText())
                    .contains("Whether the group 'mail' has handled it is not known: its broker does not keep what it"
                            + " delivered; with deduplication its store would tell.");
        }
    }

    @Test
    void a_broker_that_fails_hinders_nobody() {
        UUID id = deposit();
        broker = request -> {
            throw new IllegalStateException("no broker");
        };
        assertThat(outcome(MAIL, id))
                .isInstanceOfSatisfying(Outcome.Unknown.class, unknown -> assertThat(unknown.reason())
                        .contains("its broker could not be asked", "no broker"));
        addLetter(id);
        assertThat(outcome(MAIL, id)).isInstanceOf(Outcome.DeadLettered.class);
    }

    @Test
    void a_letter_that_was_written_while_the_broker_was_asked_is_told_instead_of_its_offset() {
        UUID id = deposit();
        broker = request -> {
            addLetter(id);
            return new Passed("it stands at 7");
        };
        assertThat(outcome(MAIL, id)).isInstanceOf(Outcome.DeadLettered.class);
    }

    @Test
    void where_there_are_more_letters_than_were_looked_through_an_offset_tells_nothing() {
        UUID id = deposit();
        addLetter(UUID.randomUUID());
        broker = request -> new Passed("it stands at 7");
        var cut = EventLifecycle.builder(storage)
                .group(bus, MAIL)
                .limits(LifecycleLimits.defaults().withLetters(1))
                .build();
        assertThat(outcome(cut, id))
                .isInstanceOfSatisfying(Outcome.Unknown.class, unknown -> assertThat(unknown.reason())
                        .contains("more dead letters"));
        broker = request -> new Waiting(0, "it stands at 7");
        assertThat(outcome(cut, id)).isInstanceOf(Outcome.NotYet.class);
    }

    @Test
    void it_is_not_asked_for_what_others_tell() {
        UUID id = deposit();
        var claims = new InMemoryIdempotencyStore();
        var key = new IdempotencyKey("mail", id);
        claims.claim(key, "token", Duration.ofMinutes(5)).join();
        claims.complete(key, "token").join();
        SubscriptionOptions remembered = MAIL.withDeduplication(Deduplication.by(claims));
        assertThat(outcome(remembered, id)).isInstanceOf(Outcome.Passed.class);

        var checkpoints = new InMemoryCheckpointStore<>(new TreeSet<String>());
        var relay = OutboxRelay.builder("relay", storage, checkpoints, bus).start();
        relay.close();
        UUID unpublished = deposit();
        var lifecycle =
                EventLifecycle.builder(storage).relay(relay).group(bus, MAIL).build();
        assertThat(lifecycle
                        .of(unpublished)
                        .orElseThrow()
                        .events()
                        .get(0)
                        .passages()
                        .get(1)
                        .outcome())
                .isEqualTo(new Outcome.NotYet("it is not published yet"));
        assertThat(asked).isEmpty();
    }

    @Test
    void what_the_claims_have_forgotten_the_broker_may_know() {
        UUID id = deposit();
        SubscriptionOptions remembered = MAIL.withDeduplication(Deduplication.by(new InMemoryIdempotencyStore()));
        broker = request -> new Passed("it stands at 7");
        assertThat(outcome(remembered, id)).isEqualTo(new Outcome.Passed("it stands at 7"));
        broker = request -> new Unknown("it is gone");
        assertThat(outcome(remembered, id))
                .isInstanceOfSatisfying(Outcome.Unknown.class, unknown -> assertThat(unknown.reason())
                        .startsWith("it is gone; its store of claims does not know it"));
    }

    private UUID deposit() {
        var id = Accounts.ACCOUNT.id("ada");
        store.append(id, ExpectedVersion.any(), List.of(new Deposited(1)));
        var events = store.getEvents(id);
        return events.get(events.size() - 1).eventId();
    }

    private void addLetter(UUID id) {
        transport
                .deadLetters("mail")
                .add(new Message(id.toString(), "account", "money.deposited", "ada", Map.of(), new byte[0]))
                .join();
    }

    private EventLifecycle lifecycle(SubscriptionOptions options) {
        return EventLifecycle.builder(storage)
                .group(bus, options)
                .limits(LifecycleLimits.defaults().withRecords(77).withTimeout(Duration.ofSeconds(9)))
                .build();
    }

    private Outcome outcome(SubscriptionOptions options, UUID id) {
        return outcome(lifecycle(options), id);
    }

    private static Outcome outcome(EventLifecycle lifecycle, UUID id) {
        return lifecycle.of(id).orElseThrow().events().get(0).passages().get(0).outcome();
    }
}
