package io.eda.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eda.Accounts;
import io.eda.Accounts.Deposited;
import io.eda.Accounts.Withdrawn;
import io.eda.bus.Deduplication;
import io.eda.bus.EventBus;
import io.eda.bus.Exhausted;
import io.eda.bus.SubscriptionOptions;
import io.eda.command.CommandContext;
import io.eda.event.Event;
import io.eda.event.Origin;
import io.eda.event.TimeOrderedIds;
import io.eda.idempotency.Claim;
import io.eda.idempotency.IdempotencyKey;
import io.eda.idempotency.IdempotencyStore;
import io.eda.inmemory.InMemoryCheckpointStore;
import io.eda.inmemory.InMemoryEventStorage;
import io.eda.inmemory.InMemoryIdempotencyStore;
import io.eda.inmemory.InMemoryParkedMessages;
import io.eda.inmemory.InMemoryTransport;
import io.eda.intervention.Intervention;
import io.eda.outbox.OutboxRelay;
import io.eda.parking.ParkedKey;
import io.eda.projection.CheckpointMove;
import io.eda.projection.FollowOptions;
import io.eda.projection.OnFailure;
import io.eda.projection.Projection;
import io.eda.projection.ProjectionRunner;
import io.eda.projection.ShardPosition;
import io.eda.retry.Backoff;
import io.eda.retry.RetryPolicy;
import io.eda.serialization.JacksonEventSerializer;
import io.eda.store.EventStore;
import io.eda.store.ExpectedVersion;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What can be told about an event, and that the rest is told as unknown. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class EventLifecycleTest {

    private static final Duration LONG = Duration.ofSeconds(45);
    private static final Backoff QUICK = new Backoff(Duration.ofMillis(1), Duration.ofMillis(5));
    private static final RetryPolicy TWICE =
            RetryPolicy.defaults().withBackoff(QUICK).withAttempts(2, 0);

    private final JacksonEventSerializer json = new JacksonEventSerializer(Accounts.TYPES);
    private final InMemoryEventStorage storage = new InMemoryEventStorage();
    private final EventStore store = new EventStore(storage, json);
    private final Set<String> seen = new ConcurrentSkipListSet<>();
    private final InMemoryCheckpointStore<Set<String>> checkpoints = new InMemoryCheckpointStore<>(seen);
    private final EventBus bus = EventBus.builder(InMemoryTransport.confirmingWhenAccepted(), json)
            .interventions(checkpoints.interventions())
            .parking(new InMemoryParkedMessages())
            .build();
    private final List<AutoCloseable> open = new ArrayList<>(List.of(bus));
    private volatile boolean isBroken = true;

    private final Projection<Set<String>> projection = Projection.<Set<String>>named("seen")
            .on(Deposited.class, (event, read) -> {
                if (event.data().cents() == 13 && isBroken) {
                    throw new IllegalStateException("unlucky");
                }
                read.add(event.aggregateId().id() + ":" + event.data().cents());
            })
            .clearedBy(Set::clear)
            .build();

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    @Test
    void an_event_that_there_is_not_has_no_life() {
        assertThat(EventLifecycle.builder(storage).build().of(UUID.randomUUID()))
                .isEmpty();
        EventLife nothing = EventLifecycle.builder(storage).build().ofConversation("nobody");
        assertThat(nothing.events()).isEmpty();
        assertThat(nothing.asText()).contains("No event of it was found.");
    }

    @Test
    void nothing_is_guessed_about_a_group_of_which_nobody_tells() throws Exception {
        var options = SubscriptionOptions.forGroup("mail");
        open.add(bus.subscribe(options, event -> {}));
        var relay = relay();
        UUID id = deposit("ada", 1);
        relay.awaitPosition(1, LONG);
        EventLifecycle lifecycle =
                EventLifecycle.builder(storage).relay(relay).group(bus, options).build();
        assertThat(outcomes(lifecycle, id))
                .satisfiesExactly(
                        relayed -> assertThat(relayed).isEqualTo(new Outcome.Passed("its checkpoint is at 1")),
                        mail -> assertThat(mail).isInstanceOf(Outcome.Unknown.class));
        assertThat(text(lifecycle, id)).contains("Whether the group 'mail' has handled it is not known: its broker");
    }

    @Test
    void what_no_relay_has_published_no_group_has() {
        // It stands, because it is closed, and its checkpoint tells how far it came.
        var relay = OutboxRelay.builder("relay", storage, checkpoints, bus).start();
        relay.close();
        UUID id = deposit("ada", 1);
        EventLifecycle lifecycle = EventLifecycle.builder(storage)
                .relay(relay)
                .group(bus, SubscriptionOptions.forGroup("mail"))
                .build();
        assertThat(outcomes(lifecycle, id))
                .containsExactly(
                        new Outcome.NotYet("its checkpoint is at 0"), new Outcome.NotYet("it is not published yet"));
        assertThat(text(lifecycle, id)).contains("The relay 'relay' has not published it yet");
    }

    @Test
    void the_claims_tell_what_a_group_has_handled_and_what_it_has_in_hand() throws Exception {
        var claims = new InMemoryIdempotencyStore();
        var options = SubscriptionOptions.forGroup("mail").withDeduplication(Deduplication.by(claims));
        open.add(bus.subscribe(options, event -> {}));
        var relay = relay();
        UUID handled = deposit("ada", 1);
        EventLifecycle lifecycle =
                EventLifecycle.builder(storage).relay(relay).group(bus, options).build();
        await().atMost(LONG).untilAsserted(() -> assertThat(outcomes(lifecycle, handled))
                .contains(new Outcome.Passed("its store of claims remembers it as handled")));

        var busy = new InMemoryIdempotencyStore();
        var other = SubscriptionOptions.forGroup("audit").withDeduplication(Deduplication.by(busy));
        busy.claim(new IdempotencyKey("audit", handled), "token", Duration.ofMinutes(5))
                .join();
        EventLifecycle ofOther =
                EventLifecycle.builder(storage).group(bus, other).build();
        assertThat(outcomes(ofOther, handled))
                .singleElement()
                .isInstanceOfSatisfying(Outcome.InHand.class, held -> assertThat(held.remaining())
                        .isPositive());
        busy.release(new IdempotencyKey("audit", handled), "token").join();
        assertThat(outcomes(ofOther, handled))
                .singleElement()
                .isInstanceOfSatisfying(Outcome.Unknown.class, unknown -> assertThat(unknown.reason())
                        .contains("does not know it"));
    }

    @Test
    void an_event_that_failed_twice_and_then_went_well_is_told_so_by_its_subscription() throws Exception {
        var options = SubscriptionOptions.forGroup("mail")
                .withRetry(RetryPolicy.defaults().withBackoff(QUICK).withAttempts(3, 0));
        var failures = new ArrayList<Event<?>>();
        var subscription = bus.subscribe(options, event -> {
            if (failures.size() < 2) {
                failures.add(event);
                throw new IllegalStateException("no mail");
            }
        });
        open.add(subscription);
        var relay = relay();
        UUID id = deposit("ada", 1);
        relay.awaitPosition(1, LONG);
        await().until(() -> subscription.status().handled() == 1);
        EventLifecycle lifecycle = EventLifecycle.builder(storage)
                .group(bus, options, subscription)
                .build();
        Passage passage = passages(lifecycle, id).get(0);
        assertThat(passage.outcome()).isEqualTo(new Outcome.Passed("a member in this process has handled it"));
        assertThat(passage.failures().orElseThrow().attempts()).isEqualTo(2);
        assertThat(passage.failures().orElseThrow().error()).contains("IllegalStateException: no mail");
        assertThat(text(lifecycle, id)).contains("The group 'mail' failed on it 2 times, the last time at ");
    }

    @Test
    void a_dead_letter_is_told_with_its_reason_and_its_replay_with_the_time() throws Exception {
        var options = SubscriptionOptions.forGroup("mail").withRetry(TWICE);
        var subscription = bus.subscribe(options, event -> {
            if (isBroken) {
                throw new IllegalStateException("no mail");
            }
        });
        open.add(subscription);
        relay();
        UUID id = deposit("ada", 1);
        EventLifecycle lifecycle = EventLifecycle.builder(storage)
                .group(bus, options, subscription)
                .interventions(checkpoints.interventions())
                .build();
        await().untilAsserted(() -> assertThat(outcomes(lifecycle, id))
                .singleElement()
                .isInstanceOfSatisfying(Outcome.DeadLettered.class, letter -> {
                    assertThat(letter.attempts()).isEqualTo(2);
                    assertThat(letter.error()).isEqualTo("java.lang.IllegalStateException: no mail");
                    assertThat(letter.last()).isPresent();
                }));
        assertThat(text(lifecycle, id))
                .contains("The group 'mail' failed on it 2 times", "It waits in the dead letters");

        isBroken = false;
        Instant before = Instant.now().minusMillis(1);
        assertThat(bus.deadLetters("mail").replayAll(10)).isEqualTo(1);
        await().untilAsserted(() -> assertThat(outcomes(lifecycle, id))
                .containsExactly(new Outcome.Passed("a member in this process has handled it")));
        assertThat(event(lifecycle, id).interventions()).singleElement().satisfies(asked -> {
            assertThat(asked.action()).isEqualTo(Intervention.Action.REPLAY);
            assertThat(asked.name()).isEqualTo("mail");
            assertThat(asked.at()).isAfter(before);
        });
        assertThat(text(lifecycle, id)).contains("Somebody asked that the group 'mail' handle it again.");
    }

    @Test
    void parked_keys_are_told_as_the_one_that_failed_and_those_behind_it() throws Exception {
        var options = SubscriptionOptions.forGroup("mail").withRetry(TWICE).withExhausted(Exhausted.PARK_KEY);
        var subscription = bus.subscribe(options, event -> {
            if (isBroken) {
                throw new IllegalStateException("no mail");
            }
        });
        open.add(subscription);
        relay();
        UUID first = deposit("ada", 1);
        await().until(() -> subscription.status().deadLettered() == 1);
        UUID second = deposit("ada", 2);
        EventLifecycle lifecycle = EventLifecycle.builder(storage)
                .group(bus, options, subscription)
                .interventions(checkpoints.interventions())
                .build();
        await().untilAsserted(() -> {
            assertThat(outcomes(lifecycle, first))
                    .containsExactly(new Outcome.Parked(2, "java.lang.IllegalStateException: no mail"));
            assertThat(outcomes(lifecycle, second)).containsExactly(new Outcome.Parked(0, ""));
        });
        assertThat(text(lifecycle, second)).contains("has it parked behind an earlier event of account/ada");
        isBroken = false;
        bus.parkedKeys("mail").replay(new ParkedKey("mail", "account", "ada"));
        await().untilAsserted(() ->
                assertThat(outcomes(lifecycle, first)).singleElement().isInstanceOf(Outcome.Passed.class));
        assertThat(event(lifecycle, second).interventions()).hasSize(1);
    }

    @Test
    void a_projection_tells_what_it_has_parked_and_when_that_was_replayed() throws Exception {
        deposit("ada", 1);
        UUID bad = deposit("ada", 13);
        UUID behind = deposit("ada", 3);
        var runner = ProjectionRunner.of(
                        projection,
                        store,
                        checkpoints,
                        FollowOptions.defaults().withFailures(2, QUICK, OnFailure.PARK_KEY))
                .start();
        open.add(runner);
        runner.awaitPosition(3, LONG);
        EventLifecycle lifecycle = EventLifecycle.builder(storage)
                .projection(runner)
                .interventions(checkpoints.interventions())
                .build();
        assertThat(outcomes(lifecycle, bad)).singleElement().isInstanceOfSatisfying(Outcome.Parked.class, parked -> {
            assertThat(parked.attempts()).isEqualTo(2);
            assertThat(parked.error()).contains("unlucky");
        });
        assertThat(outcomes(lifecycle, behind)).containsExactly(new Outcome.Parked(0, ""));

        isBroken = false;
        runner.parked().replay(Accounts.ACCOUNT.id("ada"));
        assertThat(outcomes(lifecycle, bad)).containsExactly(new Outcome.Passed("its checkpoint is at 3"));
        assertThat(event(lifecycle, bad).interventions())
                .extracting(Intervention::action)
                .containsExactly(Intervention.Action.REPLAY);
    }

    @Test
    void a_projection_that_stands_tells_at_which_event_and_which_wait_behind_it() throws Exception {
        UUID bad = deposit("ada", 13);
        UUID behind = deposit("bob", 1);
        var runner = ProjectionRunner.of(
                        projection,
                        store,
                        checkpoints,
                        FollowOptions.defaults().withFailures(2, QUICK, OnFailure.PAUSE))
                .start();
        open.add(runner);
        EventLifecycle lifecycle =
                EventLifecycle.builder(storage).projection(runner).build();
        await().untilAsserted(() -> assertThat(outcomes(lifecycle, bad))
                .singleElement()
                .isInstanceOfSatisfying(Outcome.Failing.class, failing -> assertThat(failing.error())
                        .contains("unlucky")));
        assertThat(outcomes(lifecycle, behind))
                .singleElement()
                .isInstanceOfSatisfying(Outcome.NotYet.class, notYet -> assertThat(notYet.where())
                        .contains("stands because of EventNotHandledException"));
    }

    @Test
    void of_many_shards_the_one_that_has_the_event_is_asked() throws Exception {
        checkpoints.leases().arrange("seen", 8);
        UUID id = deposit("ada", 1);
        EventLifecycle lifecycle = EventLifecycle.builder(storage)
                .projection(ProjectionRunner.of(projection, store, checkpoints))
                .build();
        int mine = ShardPosition.slotOf(Accounts.ACCOUNT.id("ada")) % 8;
        for (int shard = 0; shard < 8; shard++) {
            if (shard != mine) {
                advance(shard);
            }
        }
        assertThat(outcomes(lifecycle, id)).containsExactly(new Outcome.NotYet("its checkpoint is at 0"));
        advance(mine);
        assertThat(outcomes(lifecycle, id)).containsExactly(new Outcome.Passed("its checkpoint is at 1"));
    }

    @Test
    void what_a_place_does_not_want_it_is_not_asked_about() {
        UUID id = append("ada", new Withdrawn(1), Origin.startedBy("start"));
        EventLifecycle lifecycle = EventLifecycle.builder(storage)
                .projection(ProjectionRunner.of(projection, store, checkpoints))
                .group(bus, SubscriptionOptions.forGroup("mail").withTypes("order.*"))
                .build();
        assertThat(outcomes(lifecycle, id)).hasOnlyElementsOfType(Outcome.NotWanted.class);
        assertThat(text(lifecycle, id)).contains("It does not concern the projection 'seen', the group 'mail'.");
    }

    @Test
    void a_place_that_does_not_answer_hinders_no_other() {
        UUID id = deposit("ada", 1);
        IdempotencyStore silent = new InMemoryClaimsThatCannotTell();
        EventLifecycle lifecycle = EventLifecycle.builder(storage)
                .group(bus, SubscriptionOptions.forGroup("mail").withDeduplication(Deduplication.by(silent)))
                .projection(ProjectionRunner.of(projection, store, checkpoints))
                .build();
        assertThat(outcomes(lifecycle, id))
                .satisfiesExactly(
                        mail -> assertThat(mail)
                                .isInstanceOfSatisfying(Outcome.Unknown.class, unknown -> assertThat(unknown.reason())
                                        .contains("did not answer")),
                        seen -> assertThat(seen).isInstanceOf(Outcome.NotYet.class));
    }

    @Test
    void the_tree_tells_the_commands_and_events_that_an_event_led_to() {
        UUID root = append("ada", new Deposited(1), Origin.startedBy("wish"));
        Event<?> first = store.getEvents(Accounts.ACCOUNT.id("ada")).get(0);
        Origin reacting = CommandContext.reactingTo(first, "forward").origin();
        UUID forwarded = append("bob", new Deposited(2), reacting);
        UUID direct = append("eve", new Deposited(3), Origin.causedBy(first));
        append("zoe", new Deposited(4), Origin.startedBy("other"));
        Event<?> second = store.getEvents(Accounts.ACCOUNT.id("bob")).get(0);
        UUID leaf = append(
                "kim",
                new Deposited(5),
                CommandContext.reactingTo(second, "thank").origin());

        EventLifecycle lifecycle = EventLifecycle.builder(storage).build();
        EventLife life = lifecycle.of(root).orElseThrow();
        List<Reaction> reactions = life.events().get(0).reactions();
        assertThat(reactions).extracting(Reaction::step).containsExactly("forward", "");
        LivedEvent bob = reactions.get(0).events().get(0);
        assertThat(bob.facts().eventId()).isEqualTo(forwarded);
        assertThat(reactions.get(1).events().get(0).facts().eventId()).isEqualTo(direct);
        assertThat(bob.reactions().get(0).events().get(0).facts().eventId()).isEqualTo(leaf);
        assertThat(life.searched()).isEqualTo(new Searched(1, 5, true));

        EventLife ofLeaf = lifecycle.of(leaf).orElseThrow();
        assertThat(ofLeaf.causes()).extracting(EventFacts::eventId).containsExactly(root, forwarded);
        EventLife talk = lifecycle.ofConversation("wish");
        assertThat(talk.events())
                .singleElement()
                .satisfies(event -> assertThat(event.facts().eventId()).isEqualTo(root));
        assertThat(talk.asText())
                .containsSubsequence("account/ada", "'forward' led to", "account/bob", "'thank' led to");
    }

    @Test
    void a_search_that_was_cut_says_so() {
        UUID root = append("ada", new Deposited(1), Origin.startedBy("wish"));
        for (int i = 0; i < 5; i++) {
            append("bob", new Deposited(i), Origin.startedBy("wish"));
        }
        EventLife byPositions = EventLifecycle.builder(storage)
                .limits(LifecycleLimits.defaults().withPositions(3))
                .build()
                .of(root)
                .orElseThrow();
        assertThat(byPositions.searched()).isEqualTo(new Searched(1, 4, false));
        assertThat(byPositions.asText()).contains("There may be more");
        EventLife byEvents = EventLifecycle.builder(storage)
                .limits(LifecycleLimits.defaults().withEvents(2))
                .build()
                .ofConversation("wish");
        assertThat(byEvents.searched()).isEqualTo(new Searched(0, 2, false));
        assertThatThrownBy(() -> LifecycleLimits.defaults().withEvents(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_conversation_is_found_by_its_time_however_old_it_is() {
        UUID old = new TimeOrderedIds(Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC)).get();
        EventStore past =
                new EventStore(storage, json, Clock.fixed(Instant.parse("2026-01-02T03:04:06Z"), ZoneOffset.UTC));
        for (int i = 0; i < 20; i++) {
            past.append(Accounts.ACCOUNT.id("old-" + i), ExpectedVersion.noEvents(), List.of(new Deposited(i)));
        }
        past.append(
                Accounts.ACCOUNT.id("ada"),
                ExpectedVersion.noEvents(),
                List.of(new Deposited(1)),
                Origin.startedBy(old.toString()));
        for (int i = 0; i < 50; i++) {
            deposit("new-" + i, i);
        }
        // Far fewer than there are: the newest ones would not do.
        EventLifecycle lifecycle = EventLifecycle.builder(storage)
                .limits(LifecycleLimits.defaults().withPositions(30))
                .build();
        assertThat(lifecycle.ofConversation(old.toString()).events()).hasSize(1);
        assertThat(lifecycle
                        .ofConversation(old.toString(), Instant.now().plusSeconds(120))
                        .events())
                .isEmpty();
    }

    private void advance(int shard) throws Exception {
        var lease = checkpoints
                .leases()
                .acquire("seen", shard, "test", Duration.ofSeconds(60))
                .orElseThrow();
        checkpoints.advance(CheckpointMove.under(lease, 0, 1), read -> {});
    }

    private OutboxRelay relay() {
        var relay = OutboxRelay.builder("relay", storage, checkpoints, bus).start();
        open.add(relay);
        return relay;
    }

    private UUID deposit(String account, long cents) {
        return append(account, new Deposited(cents), Origin.startedBy("wish of " + account));
    }

    private UUID append(String account, Object fact, Origin origin) {
        store.append(Accounts.ACCOUNT.id(account), ExpectedVersion.any(), List.of(fact), origin);
        List<Event<?>> events = store.getEvents(Accounts.ACCOUNT.id(account));
        return events.get(events.size() - 1).eventId();
    }

    private static LivedEvent event(EventLifecycle lifecycle, UUID id) {
        return lifecycle.of(id).orElseThrow().events().get(0);
    }

    private static List<Passage> passages(EventLifecycle lifecycle, UUID id) {
        return event(lifecycle, id).passages();
    }

    private static List<Outcome> outcomes(EventLifecycle lifecycle, UUID id) {
        return passages(lifecycle, id).stream().map(Passage::outcome).toList();
    }

    private static String text(EventLifecycle lifecycle, UUID id) {
        return lifecycle.of(id).orElseThrow().toString();
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(LONG).pollInterval(Duration.ofMillis(10));
    }

    /** A store of claims of somebody else's, which has no answer to questions. */
    private static final class InMemoryClaimsThatCannotTell implements IdempotencyStore {

        private final InMemoryIdempotencyStore store = new InMemoryIdempotencyStore();

        @Override
        public CompletableFuture<Claim> claim(IdempotencyKey key, String token, Duration lease) {
            return store.claim(key, token, lease);
        }

        @Override
        public CompletableFuture<Boolean> complete(IdempotencyKey key, String token) {
            return store.complete(key, token);
        }

        @Override
        public CompletableFuture<Boolean> renew(IdempotencyKey key, String token, Duration lease) {
            return store.renew(key, token, lease);
        }

        @Override
        public CompletableFuture<Boolean> release(IdempotencyKey key, String token) {
            return store.release(key, token);
        }
    }
}
