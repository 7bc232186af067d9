package io.eda.observation;

import io.eda.bus.EventBus;
import io.eda.bus.Subscription;
import io.eda.bus.SubscriptionOptions;
import io.eda.event.EventRecord;
import io.eda.intervention.Interventions;
import io.eda.outbox.OutboxRelay;
import io.eda.projection.ProjectionRunner;
import io.eda.store.EventStorage;
import io.eda.store.StoredEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Tells the life of an event or of a conversation: when it was appended and where, who has passed it, how often it failed and why, where it
 * is parked or lies dead, when somebody asked for a replay, and what it led to.
 *
 * <ul>
 *   <li><b>Free until somebody asks.</b> Everything is found out from what is kept anyway: the history, checkpoints, failed events, dead
 *       letters, parked keys and claims. Nothing is written for an event.
 *   <li><b>Never guessed.</b> What cannot be known is told as {@link Outcome.Unknown}, with the reason: also where a broker or a store
 *       does not answer. When something was passed is not known at all, because no step is written down.
 *   <li><b>Bounded</b>, by {@link LifecycleLimits}; where a limit cut the search, {@link Searched} says so.
 * </ul>
 *
 * <p>It is for people, not for programs that ask all day: an answer costs a read of up to 200 000 positions, and one question to each place.
 * Answers of different places are of slightly different moments. Methods block for as long as the storage and the transport do.
 * Immutable and thread-safe.
 */
public final class EventLifecycle {

    private final EventStorage storage;
    private final History history;
    private final Places places;

    private EventLifecycle(Builder builder) {
        this.storage = builder.storage;
        this.history = new History(builder.storage, builder.limits);
        this.places = new Places(builder.relays, builder.others, builder.interventions, builder.limits);
    }

    /** Returns a lifecycle to set up, of the events in {@code storage}. */
    public static Builder builder(EventStorage storage) {
        return new Builder(storage);
    }

    /**
     * Returns the life of an event: what led to it, and everything that it led to; nothing where there is no such event.
     *
     * @throws io.eda.store.EventStorageException if the storage does not answer
     */
    public Optional<EventLife> of(UUID eventId) {
        return storage.findEvent(eventId).map(this::lifeOf);
    }

    /**
     * Returns the life of a conversation. Where its id is a UUID in the order of time, as a command bus makes them, it is looked for from that
     * time on; otherwise among the newest events. Without events, nothing was found where it was looked.
     *
     * @throws io.eda.store.EventStorageException if the storage does not answer
     */
    public EventLife ofConversation(String correlationId) {
        return told(correlationId, history.conversation(correlationId, history.startOf(correlationId)));
    }

    /**
     * Returns the life of a conversation that began at {@code since} or later, by the clocks of the writers, which may differ by a minute.
     *
     * @throws io.eda.store.EventStorageException if the storage does not answer
     */
    public EventLife ofConversation(String correlationId, Instant since) {
        return told(correlationId, history.conversation(correlationId, history.positionBefore(since)));
    }

    private EventLife lifeOf(StoredEvent<EventRecord> stored) {
        History.Found found = history.conversation(stored.event().correlationId(), stored.position());
        List<StoredEvent<EventRecord>> events = new ArrayList<>(List.of(stored));
        events.addAll(found.events());
        Tree tree = new Tree(events, places.tell(events, found.visiblePosition()));
        return new EventLife(
                stored.event().correlationId(), history.causesOf(stored), List.of(tree.from(stored)), found.searched());
    }

    private EventLife told(String correlationId, History.Found found) {
        if (found.events().isEmpty()) {
            return new EventLife(correlationId, List.of(), List.of(), found.searched());
        }
        Tree tree = new Tree(found.events(), places.tell(found.events(), found.visiblePosition()));
        return new EventLife(correlationId, List.of(), tree.roots(), found.searched());
    }

    /** Says where events come by. Not thread-safe. */
    public static final class Builder {

        private final EventStorage storage;
        private final List<Part> relays = new ArrayList<>();
        private final List<Part> others = new ArrayList<>();
        private Interventions interventions = Interventions.forgotten();
        private LifecycleLimits limits = LifecycleLimits.defaults();

        private Builder(EventStorage storage) {
            this.storage = storage;
        }

        /** Adds a relay: what it has not passed, no group has. */
        public Builder relay(OutboxRelay relay) {
            relays.add(new FollowerPart(
                    new Place(Place.Kind.RELAY, relay.feed().name()),
                    relay.feed(),
                    relay.checkpoints(),
                    relay::progress));
            return this;
        }

        /** Adds a projection, whether its runner is started here or not. */
        public Builder projection(ProjectionRunner<?> runner) {
            others.add(new FollowerPart(
                    new Place(Place.Kind.PROJECTION, runner.feed().name()),
                    runner.feed(),
                    runner.checkpoints(),
                    runner::progress));
            return this;
        }

        /**
         * Adds a group of subscribers.
         *
         * @param bus where it subscribes
         * @param options what its members subscribe with
         * @param members those that this process has, if any: they remember how events have failed in them
         */
        public Builder group(EventBus bus, SubscriptionOptions options, Subscription... members) {
            others.add(new GroupPart(new Place(Place.Kind.GROUP, options.group()), bus, options, List.of(members)));
            return this;
        }

        /** Says where replays and drops were written down; without it they are not told. */
        public Builder interventions(Interventions store) {
            this.interventions = store;
            return this;
        }

        /** Sets how much is looked at. */
        public Builder limits(LifecycleLimits newLimits) {
            this.limits = newLimits;
            return this;
        }

        /** Returns the lifecycle. */
        public EventLifecycle build() {
            return new EventLifecycle(this);
        }
    }
}
