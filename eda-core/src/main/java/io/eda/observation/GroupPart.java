package io.eda.observation;

import io.eda.bus.DeadLetter;
import io.eda.bus.EventBus;
import io.eda.bus.Exhausted;
import io.eda.bus.FailedAttempts;
import io.eda.bus.Subscription;
import io.eda.bus.SubscriptionOptions;
import io.eda.event.AggregateId;
import io.eda.event.EventRecord;
import io.eda.observation.Outcome.DeadLettered;
import io.eda.observation.Outcome.Failing;
import io.eda.observation.Outcome.NotWanted;
import io.eda.observation.Outcome.NotYet;
import io.eda.observation.Outcome.Parked;
import io.eda.observation.Outcome.Passed;
import io.eda.observation.Outcome.Unknown;
import io.eda.parking.ParkedKey;
import io.eda.store.StoredEvent;
import io.eda.transport.GroupProgress;
import io.eda.transport.TypePattern;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A group of subscribers. Its dead letters and parked keys tell what it could not handle, its store of claims what it has; of a message that
 * is in none of them, the broker may know whether the group has passed it.
 *
 * @param place which group
 * @param bus where it subscribes
 * @param options its options
 * @param members those of its subscriptions that this process has
 */
record GroupPart(Place place, EventBus bus, SubscriptionOptions options, List<Subscription> members) implements Part {

    private static final String WITH_CLAIMS = "with deduplication its store would tell";

    @Override
    public Answers ask(Question question) {
        // What failed is asked for before the claims: what is replayed in between is then told as replayed and handled.
        Kept before = kept(question);
        Optional<Claimed> claims =
                options.deduplication().map(how -> Claimed.ask(how.store(), wanted(question), place.name(), question));
        Delivered delivered = Delivered.ask(bus, place.name(), untold(question, before, claims), question.limits());
        // An offset passes what was given up too: a letter is written before, so now it is there.
        Kept kept = delivered.hasPassed() ? before.and(kept(question)) : before;
        return stored -> about(stored, question, kept, claims, delivered);
    }

    private List<StoredEvent<EventRecord>> untold(Question question, Kept kept, Optional<Claimed> claims) {
        return wanted(question).stream()
                .filter(stored -> !question.unpublished().contains(stored.position()))
                .filter(stored -> known(stored, kept, claims).isEmpty())
                .toList();
    }

    private Passage about(
            StoredEvent<EventRecord> stored,
            Question question,
            Kept kept,
            Optional<Claimed> claims,
            Delivered delivered) {
        if (!isWanted(stored)) {
            return Passage.of(place, new NotWanted());
        }
        Outcome outcome = known(stored, kept, claims).orElseGet(() -> {
            if (question.unpublished().contains(stored.position())) {
                return new NotYet("it is not published yet");
            }
            String otherwise = claims.map(asked -> asked.whyNot(stored)).orElse(WITH_CLAIMS);
            return outcome(delivered.about(stored), kept.isCut(), otherwise);
        });
        return new Passage(place, outcome, failuresOf(stored));
    }

    private Optional<Outcome> known(StoredEvent<EventRecord> stored, Kept kept, Optional<Claimed> claims) {
        Optional<FailedAttempts> failures = failuresOf(stored);
        return kept.about(stored)
                .or(() -> failures.flatMap(GroupPart::waiting))
                .or(() -> claims.flatMap(asked -> asked.about(stored)))
                .or(() -> failures.flatMap(GroupPart::handled));
    }

    private static Outcome outcome(GroupProgress progress, boolean isCut, String otherwise) {
        if (progress instanceof GroupProgress.Waiting waiting) {
            return new NotYet(waiting.evidence() + ", with "
                    + (waiting.before() == 0 ? "nothing" : "at most " + waiting.before() + " messages") + " before it");
        }
        if (isCut) {
            return new Unknown("there are more dead letters than were looked through");
        }
        return progress instanceof GroupProgress.Passed passed
                ? new Passed(passed.evidence())
                : new Unknown(((GroupProgress.Unknown) progress).reason() + "; " + otherwise);
    }

    private Optional<FailedAttempts> failuresOf(StoredEvent<EventRecord> stored) {
        return members.stream()
                .flatMap(member -> member.failuresOf(stored.event().eventId()).stream())
                .findFirst();
    }

    private static Optional<Outcome> waiting(FailedAttempts failures) {
        return failures.state() == FailedAttempts.State.WAITING
                ? Optional.of(new Failing(failures.attempts(), failures.error()))
                : Optional.empty();
    }

    private static Optional<Outcome> handled(FailedAttempts failures) {
        return failures.state() == FailedAttempts.State.HANDLED
                ? Optional.of(new Passed("a member in this process has handled it"))
                : Optional.empty();
    }

    private static Outcome deadLettered(DeadLetter letter) {
        return new DeadLettered(
                letter.id(),
                letter.reason(),
                letter.attempts(),
                errorOf(letter),
                letter.firstFailure(),
                letter.lastFailure());
    }

    private static Outcome parked(DeadLetter letter) {
        return letter.reason() == DeadLetter.Reason.BEHIND_PARKED
                ? new Parked(0, "")
                : new Parked(letter.attempts(), errorOf(letter));
    }

    private static String errorOf(DeadLetter letter) {
        return letter.exception() + (letter.text().isEmpty() ? "" : ": " + letter.text());
    }

    private Kept kept(Question question) {
        int limit = question.limits().letters();
        Map<String, Outcome> found = new HashMap<>();
        List<DeadLetter> letters = options.exhausted() == Exhausted.DEAD_LETTER
                ? bus.deadLetters(place.name()).list(limit)
                : List.of();
        letters.forEach(letter -> found.put(letter.message().id(), deadLettered(letter)));
        if (options.exhausted() == Exhausted.PARK_KEY) {
            keysOf(question).forEach(key -> bus.parkedKeys(place.name())
                    .messages(key, limit)
                    .forEach(letter -> found.put(letter.message().id(), parked(letter))));
        }
        return new Kept(found, letters.size() == limit);
    }

    private Stream<ParkedKey> keysOf(Question question) {
        return wanted(question).stream()
                .map(stored -> stored.event().aggregateId())
                .distinct()
                .map(this::keyOf);
    }

    private ParkedKey keyOf(AggregateId id) {
        return new ParkedKey(place.name(), id.type(), id.id());
    }

    private List<StoredEvent<EventRecord>> wanted(Question question) {
        return question.events().stream().filter(this::isWanted).toList();
    }

    private boolean isWanted(StoredEvent<EventRecord> stored) {
        String type = stored.event().eventType().name();
        return options.types().stream().anyMatch((TypePattern pattern) -> pattern.matches(type));
    }

    /**
     * What the group could not handle.
     *
     * @param found by the id of the message
     * @param isCut whether there may be more
     */
    private record Kept(Map<String, Outcome> found, boolean isCut) {

        Optional<Outcome> about(StoredEvent<EventRecord> stored) {
            return Optional.ofNullable(found.get(stored.event().eventId().toString()));
        }

        Kept and(Kept later) {
            Map<String, Outcome> both = new HashMap<>(found);
            both.putAll(later.found);
            return new Kept(both, isCut || later.isCut);
        }
    }
}
