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
import io.eda.transport.TypePattern;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A group of subscribers. Its dead letters and parked keys tell what it could not handle, its store of claims what it has; of a message that
 * is in none of them, no transport tells whether the group has acknowledged it.
 *
 * @param place which group
 * @param bus where it subscribes
 * @param options its options
 * @param members those of its subscriptions that this process has
 */
record GroupPart(Place place, EventBus bus, SubscriptionOptions options, List<Subscription> members) implements Part {

    private static final String NOBODY_TELLS =
            "the transport does not tell what the group has acknowledged; with deduplication its store would";

    @Override
    public Answers ask(Question question) {
        // What failed is asked for before the claims: what is replayed in between is then told as replayed and handled.
        int limit = question.limits().letters();
        Map<String, Outcome> kept = new HashMap<>();
        List<DeadLetter> letters = options.exhausted() == Exhausted.DEAD_LETTER
                ? bus.deadLetters(place.name()).list(limit)
                : List.of();
        letters.forEach(letter -> kept.put(letter.message().id(), deadLettered(letter)));
        if (options.exhausted() == Exhausted.PARK_KEY) {
            keysOf(question).forEach(key -> bus.parkedKeys(place.name())
                    .messages(key, limit)
                    .forEach(letter -> kept.put(letter.message().id(), parked(letter))));
        }
        Optional<Claimed> claims =
                options.deduplication().map(how -> Claimed.ask(how.store(), wanted(question), place.name(), question));
        boolean isCut = letters.size() == limit;
        return stored -> about(stored, question, Optional.ofNullable(kept.get(id(stored))), claims, isCut);
    }

    private Passage about(
            StoredEvent<EventRecord> stored,
            Question question,
            Optional<Outcome> kept,
            Optional<Claimed> claims,
            boolean isCut) {
        if (!isWanted(stored)) {
            return Passage.of(place, new NotWanted());
        }
        Optional<FailedAttempts> failures = members.stream()
                .flatMap(member -> member.failuresOf(stored.event().eventId()).stream())
                .findFirst();
        Outcome outcome = kept.or(() -> failures.flatMap(GroupPart::waiting))
                .or(() -> claims.flatMap(asked -> asked.about(stored)))
                .or(() -> failures.flatMap(GroupPart::handled))
                .orElseGet(() -> untold(stored, question, claims, isCut));
        return new Passage(place, outcome, failures);
    }

    private static Outcome untold(
            StoredEvent<EventRecord> stored, Question question, Optional<Claimed> claims, boolean isCut) {
        if (question.unpublished().contains(stored.position())) {
            return new NotYet("it is not published yet");
        }
        if (isCut) {
            return new Unknown("there are more dead letters than the "
                    + question.limits().letters() + " that were looked through");
        }
        return new Unknown(claims.map(asked -> asked.whyNot(stored)).orElse(NOBODY_TELLS));
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

    private static String id(StoredEvent<EventRecord> stored) {
        return stored.event().eventId().toString();
    }
}
