package io.eda.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eda.event.AggregateId;
import io.eda.event.EventRecord;
import io.eda.event.Metadata;
import io.eda.inmemory.InMemoryEventStorage;
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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/** A correct storage, to be broken at one place by each subclass. */
class BrokenStorage implements EventStorage {

    private final EventStorage correct = new InMemoryEventStorage();

    @Override
    public AppendResult append(Append append) {
        return correct.append(append);
    }

    @Override
    public List<StoredEvent<EventRecord>> readAggregate(AggregateId aggregateId, long fromVersion, int limit) {
        return correct.readAggregate(aggregateId, fromVersion, limit);
    }

    @Override
    public EventPage readAll(long afterPosition, EventFilter filter, int limit) {
        return correct.readAll(afterPosition, filter, limit);
    }

    @Override
    public long awaitVisible(long position, Duration timeout) throws InterruptedException {
        return correct.awaitVisible(position, timeout);
    }

    /** Long enough for another thread to come in between. */
    static void pause() {
        LockSupport.parkNanos(500_000);
    }

    static Append withEvents(Append append, List<NewEvent> events) {
        return new Append(append.aggregateId(), append.expectedVersion(), events);
    }

    static Append changed(Append append, UnaryOperator<NewEvent> change) {
        return withEvents(append, append.events().stream().map(change).toList());
    }

    /** Says yes and stores nothing. */
    static final class DoesNothing extends BrokenStorage {
        @Override
        public AppendResult append(Append append) {
            return new AppendResult(append.events().size(), 1);
        }

        @Override
        public long awaitVisible(long position, Duration timeout) {
            return 0;
        }
    }

    /** Appends whatever the writer believes. */
    static final class DropsTheVersionCheck extends BrokenStorage {
        @Override
        public AppendResult append(Append append) {
            return super.append(new Append(append.aggregateId(), ExpectedVersion.any(), append.events()));
        }
    }

    /** Checks the version and appends in two steps: two writers can pass the check together. */
    static final class ChecksTooEarly extends BrokenStorage {
        @Override
        public AppendResult append(Append append) {
            if (append.expectedVersion() instanceof ExpectedVersion.Exactly exactly) {
                int actual = readAggregate(append.aggregateId(), 1, 1_000_000).size();
                if (actual == exactly.version()) {
                    pause();
                    return super.append(new Append(append.aggregateId(), ExpectedVersion.any(), append.events()));
                }
            }
            return super.append(append);
        }
    }

    /** Stores an append event by event. */
    static final class WritesHalf extends BrokenStorage {
        @Override
        public AppendResult append(Append append) {
            int half = append.events().size() / 2;
            if (half == 0 || !(append.expectedVersion() instanceof ExpectedVersion.Exactly exactly)) {
                return super.append(append);
            }
            AppendResult first = super.append(withEvents(append, append.events().subList(0, half)));
            pause();
            return super.append(new Append(
                    append.aggregateId(),
                    ExpectedVersion.exactly(Math.max(first.lastVersion(), exactly.version())),
                    append.events().subList(half, append.events().size())));
        }
    }

    /** Stores what a conflict should have kept out, where the aggregate is younger than the writer believes. */
    static final class ToleratesHoles extends BrokenStorage {
        @Override
        public AppendResult append(Append append) {
            try {
                return super.append(append);
            } catch (ConcurrencyConflictException e) {
                if (append.expectedVersion() instanceof ExpectedVersion.Exactly exactly
                        && exactly.version() > e.actualVersion()) {
                    return super.append(new Append(append.aggregateId(), ExpectedVersion.any(), append.events()));
                }
                throw e;
            }
        }
    }

    /** Answers a repetition with a conflict. */
    static final class IsNotRepeatable extends BrokenStorage {
        @Override
        public AppendResult append(Append append) {
            if (append.expectedVersion() instanceof ExpectedVersion.Exactly exactly) {
                int actual = readAggregate(append.aggregateId(), 1, 1_000_000).size();
                if (actual > exactly.version()) {
                    throw new ConcurrencyConflictException(append.aggregateId(), exactly, actual);
                }
            }
            return super.append(append);
        }
    }

    /** Takes any append for a repetition whose first event is known. */
    static final class ComparesOneId extends BrokenStorage {
        @Override
        public AppendResult append(Append append) {
            try {
                return super.append(append);
            } catch (ConcurrencyConflictException e) {
                for (StoredEvent<EventRecord> stored : readAggregate(append.aggregateId(), 1, 1_000_000)) {
                    if (stored.event().eventId().equals(append.events().get(0).eventId())) {
                        return new AppendResult(e.actualVersion(), stored.position());
                    }
                }
                throw e;
            }
        }
    }

    /** Gives conflicts to writers who set no condition. */
    static final class ConflictsOnAny extends BrokenStorage {
        @Override
        public AppendResult append(Append append) {
            int before = readAggregate(append.aggregateId(), 1, 1_000_000).size();
            pause();
            return append.expectedVersion() instanceof ExpectedVersion.Any
                    ? super.append(new Append(append.aggregateId(), ExpectedVersion.exactly(before), append.events()))
                    : super.append(append);
        }
    }

    /** Forgets what travels along. */
    static final class LosesMetadata extends BrokenStorage {
        @Override
        public AppendResult append(Append append) {
            return super.append(changed(
                    append,
                    e -> new NewEvent(
                            e.eventId(),
                            e.eventType(),
                            e.timestamp(),
                            e.correlationId(),
                            e.causationId(),
                            e.data(),
                            Metadata.empty())));
        }
    }

    /** Keeps data as text. */
    static final class DecodesData extends BrokenStorage {
        @Override
        public AppendResult append(Append append) {
            return super.append(changed(
                    append,
                    e -> new NewEvent(
                            e.eventId(),
                            e.eventType(),
                            e.timestamp(),
                            e.correlationId(),
                            e.causationId(),
                            new String(e.data(), UTF_8).getBytes(UTF_8),
                            e.metadata())));
        }
    }

    /** Ends a filtered page where the last event of the type stands, and calls it the end. */
    static final class IgnoresTheFilter extends BrokenStorage {
        @Override
        public EventPage readAll(long afterPosition, EventFilter filter, int limit) {
            return super.readAll(afterPosition, EventFilter.all(), limit);
        }
    }

    /** Loses the last event of every full page. */
    static final class LosesAtThePageBoundary extends BrokenStorage {
        @Override
        public EventPage readAll(long afterPosition, EventFilter filter, int limit) {
            EventPage page = super.readAll(afterPosition, filter, limit);
            return page.isLast() || page.events().size() < 2
                    ? page
                    : new EventPage(
                            page.events().subList(0, page.events().size() - 1),
                            page.position(),
                            page.visiblePosition());
        }
    }

    /** Shows pages backwards. */
    static final class ReadsBackwards extends BrokenStorage {
        @Override
        public EventPage readAll(long afterPosition, EventFilter filter, int limit) {
            EventPage page = super.readAll(afterPosition, filter, limit);
            List<StoredEvent<EventRecord>> events = new ArrayList<>(page.events());
            Collections.reverse(events);
            return new EventPage(events, page.position(), page.visiblePosition());
        }
    }

    /** Returns from waiting before the event can be read. */
    static final class WaitsForNothing extends BrokenStorage {
        @Override
        public long awaitVisible(long position, Duration timeout) {
            return position;
        }
    }
}
