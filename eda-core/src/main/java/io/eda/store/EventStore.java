package io.eda.store;

import io.eda.aggregate.Aggregate;
import io.eda.aggregate.AggregateState;
import io.eda.aggregate.SnapshotPlan;
import io.eda.event.AggregateId;
import io.eda.event.Event;
import io.eda.event.EventRecord;
import io.eda.event.Origin;
import io.eda.event.TimeOrderedIds;
import io.eda.serialization.EventSerializer;
import io.eda.serialization.StateSerializer;
import io.eda.telemetry.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The history of every aggregate, in objects: an {@link EventStorage} with an {@link EventSerializer} in front. It adds no
 * promise and takes none away. Thread-safe.
 */
public final class EventStore {

    private static final int PAGE = 500;

    private final Appending appending;
    private final EventStorage storage;
    private final EventSerializer serializer;
    private final Clock clock;
    private final Supplier<UUID> ids;
    private final Optional<Snapshots> snapshots;

    /** Opens {@code storage} for the events that {@code serializer} knows. */
    public EventStore(EventStorage storage, EventSerializer serializer) {
        this(storage, serializer, Clock.systemUTC());
    }

    /** As above, with the clock that dates events and their ids. */
    public EventStore(EventStorage storage, EventSerializer serializer, Clock clock) {
        this(new Appending(storage, new AppendMeters(), Tracing.off()), serializer, clock, Optional.empty());
    }

    private EventStore(Appending appending, EventSerializer serializer, Clock clock, Optional<Snapshots> snapshots) {
        this.appending = appending;
        this.storage = appending.storage();
        this.serializer = serializer;
        this.clock = clock;
        this.ids = new TimeOrderedIds(clock);
        this.snapshots = snapshots;
    }

    /** Returns a store over the same storage that remembers states in {@code place}, where the aggregate has a plan for it. */
    public EventStore withSnapshots(SnapshotStorage place, StateSerializer states) {
        return new EventStore(appending, serializer, clock, Optional.of(new Snapshots(place, states)));
    }

    /**
     * Returns a store over the same storage that tells {@code registry} of every append, as {@code eda.append}; the events take the context
     * of that observation with them, in their metadata.
     */
    public EventStore observedBy(ObservationRegistry registry) {
        return new EventStore(
                new Appending(storage, appending.meters(), Tracing.by(registry)), serializer, clock, snapshots);
    }

    /**
     * Begins to count appends: {@code eda.store.append} and {@code eda.store.append.events}, of this store and of those made of it with {@link
     * #withSnapshots} and {@link #observedBy}.
     *
     * @throws IllegalStateException if it is bound already
     */
    public void bindTo(MeterRegistry registry) {
        appending.meters().bindTo(registry);
    }

    /** Appends facts that start a conversation of their own. See {@link #append(Append)} for the errors. */
    public AppendResult append(AggregateId aggregateId, ExpectedVersion expectedVersion, List<?> facts) {
        return append(
                aggregateId, expectedVersion, facts, Origin.startedBy(ids.get().toString()));
    }

    /** Appends facts that come from {@code origin}. See {@link #append(Append)} for the errors. */
    public AppendResult append(AggregateId aggregateId, ExpectedVersion expectedVersion, List<?> facts, Origin origin) {
        return append(prepare(aggregateId, expectedVersion, facts, origin));
    }

    /**
     * Appends what {@link #prepare} made; again, if need be: a repetition is recognised by the event ids.
     *
     * @throws ConcurrencyConflictException if the aggregate is not at the expected version
     * @throws AppendOutcomeUnknownException if it cannot be known whether the events were stored: repeat
     * @throws EventStorageException if the storage failed; nothing was stored
     */
    public AppendResult append(Append append) {
        return appending.append(append);
    }

    /**
     * Appends what {@link #prepare} made, without waiting for the answer; for room among the appends that are under way a storage may let its
     * caller wait. The future fails with the exceptions of {@link #append(Append)}, and completes on a thread of the storage, which other
     * appends need: what takes long goes elsewhere. Two appends to one aggregate that one thread hands in take effect in that order.
     */
    public CompletableFuture<AppendResult> appendAsync(Append append) {
        return appending.appendAsync(append);
    }

    /** Gives {@code facts} ids and a time and turns them into bytes, without storing them. */
    public Append prepare(AggregateId aggregateId, ExpectedVersion expectedVersion, List<?> facts, Origin origin) {
        Instant now = clock.instant();
        List<NewEvent> events = new ArrayList<>(facts.size());
        for (Object fact : facts) {
            events.add(new NewEvent(
                    ids.get(),
                    serializer.types().typeOf(fact.getClass()),
                    now,
                    origin.correlationId(),
                    origin.causationId(),
                    serializer.serialize(fact),
                    origin.metadata()));
        }
        return new Append(aggregateId, expectedVersion, events);
    }

    /** Returns all events of one aggregate in their order; none where it does not exist. */
    public List<Event<?>> getEvents(AggregateId aggregateId) {
        return getEventsFromVersion(aggregateId, 1);
    }

    /** Returns the events of one aggregate whose version is {@code fromVersion} or later, in their order. */
    public List<Event<?>> getEventsFromVersion(AggregateId aggregateId, long fromVersion) {
        List<Event<?>> events = new ArrayList<>();
        forEachRecord(aggregateId, fromVersion, stored -> events.addAll(serializer.deserialize(stored.event())));
        return events;
    }

    /** Returns the state that the events of the aggregate {@code id} lead to, by way of its snapshot where there is one. */
    public <S, E> AggregateState<S> rebuildAggregate(Aggregate<S, E> aggregate, String id) {
        AggregateState<S> initial = aggregate.initial(id);
        if (snapshots.isEmpty() || aggregate.snapshotPlan().isEmpty()) {
            return catchUp(aggregate, initial);
        }
        long start = System.nanoTime();
        SnapshotPlan<S> plan = aggregate.snapshotPlan().get();
        var loaded = snapshots.get().load(storage, initial, plan, PAGE);
        var fold = new Fold<>(aggregate, loaded.state());
        loaded.tail().forEach(fold);
        AggregateState<S> current = loaded.isComplete() ? fold.current : catchUp(aggregate, fold.current);
        snapshots.get().saveIfDue(plan, loaded.state().version(), current, Duration.ofNanos(System.nanoTime() - start));
        return current;
    }

    /** Remembers {@code current}, to which an append led from {@code before}, where the aggregate's plan says that it is due. */
    public <S, E> void rememberIfDue(Aggregate<S, E> aggregate, AggregateState<S> before, AggregateState<S> current) {
        if (snapshots.isPresent() && aggregate.snapshotPlan().isPresent()) {
            snapshots.get().saveIfDue(aggregate.snapshotPlan().get(), before.version(), current, Duration.ZERO);
        }
    }

    /** Returns {@code known} with the events that came since: the same instance where there were none. */
    public <S, E> AggregateState<S> catchUp(Aggregate<S, E> aggregate, AggregateState<S> known) {
        var fold = new Fold<>(aggregate, known);
        forEachRecord(known.aggregateId(), known.version() + 1, fold);
        return fold.current;
    }

    /** Returns the filter that lets events pass which are objects of {@code dataClasses} today, however they were written. */
    public EventFilter filterFor(Collection<Class<?>> dataClasses) {
        return EventFilter.types(serializer.types().namesOf(dataClasses));
    }

    /** Returns what this store is built on. */
    public EventStorage storage() {
        return storage;
    }

    /** Returns what reads and writes the data of events. */
    public EventSerializer serializer() {
        return serializer;
    }

    private void forEachRecord(AggregateId id, long fromVersion, Consumer<StoredEvent<EventRecord>> action) {
        long next = fromVersion;
        List<StoredEvent<EventRecord>> page;
        do {
            page = storage.readAggregate(id, next, PAGE);
            page.forEach(action);
            next += page.size();
        } while (page.size() == PAGE);
    }

    private final class Fold<S, E> implements Consumer<StoredEvent<EventRecord>> {
        private final Aggregate<S, E> aggregate;
        private AggregateState<S> current;

        private Fold(Aggregate<S, E> aggregate, AggregateState<S> start) {
            this.aggregate = aggregate;
            this.current = start;
        }

        @Override
        public void accept(StoredEvent<EventRecord> stored) {
            S state = current.state();
            for (Event<?> event : serializer.deserialize(stored.event())) {
                state = evolve(state, event);
            }
            current = new AggregateState<>(
                    current.aggregateId(), stored.event().aggregateVersion(), stored.position(), state);
        }

        @SuppressWarnings(
                "unchecked") // The evolution looks the step up by the event's class, and refuses a foreign one.
        private S evolve(S state, Event<?> event) {
            return aggregate.evolution().evolve(state, (E) event.data());
        }
    }
}
