package io.eda.store.postgres;

import io.eda.event.AggregateId;
import io.eda.event.EventRecord;
import io.eda.store.Append;
import io.eda.store.AppendResult;
import io.eda.store.EventFilter;
import io.eda.store.EventPage;
import io.eda.store.EventStorage;
import io.eda.store.StoredEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * A storage whose appends go elsewhere: into a transaction of the caller. It reads what others see.
 *
 * @param storage who reads
 * @param appends who appends
 */
record JoinedStorage(EventStorage storage, Function<Append, AppendResult> appends) implements EventStorage {

    @Override
    public AppendResult append(Append append) {
        return appends.apply(append);
    }

    @Override
    public List<StoredEvent<EventRecord>> readAggregate(AggregateId aggregateId, long fromVersion, int limit) {
        return storage.readAggregate(aggregateId, fromVersion, limit);
    }

    @Override
    public EventPage readAll(long afterPosition, EventFilter filter, int limit) {
        return storage.readAll(afterPosition, filter, limit);
    }

    @Override
    public EventPage readVisible(long afterPosition, EventFilter filter, int limit) {
        return storage.readVisible(afterPosition, filter, limit);
    }

    @Override
    public Optional<StoredEvent<EventRecord>> findEvent(UUID eventId) {
        return storage.findEvent(eventId);
    }

    @Override
    public List<StoredEvent<EventRecord>> readConversation(
            String correlationId, long afterPosition, long toPosition, int limit) {
        return storage.readConversation(correlationId, afterPosition, toPosition, limit);
    }

    @Override
    public long awaitVisible(long position, Duration timeout) throws InterruptedException {
        return storage.awaitVisible(position, timeout);
    }
}
