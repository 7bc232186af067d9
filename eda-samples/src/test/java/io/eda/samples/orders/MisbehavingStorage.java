package io.eda.samples.orders;

import io.eda.event.AggregateId;
import io.eda.event.EventRecord;
import io.eda.store.Append;
import io.eda.store.AppendOutcomeUnknownException;
import io.eda.store.AppendResult;
import io.eda.store.EventFilter;
import io.eda.store.EventPage;
import io.eda.store.EventStorage;
import io.eda.store.EventStorageException;
import io.eda.store.StoredEvent;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** A storage whose appends fail now and then: before they are done, or after, when nobody can tell. */
final class MisbehavingStorage implements EventStorage {

    private final EventStorage storage;
    private final Random random;

    MisbehavingStorage(EventStorage storage, long seed) {
        this.storage = storage;
        this.random = new Random(seed);
    }

    @Override
    public AppendResult append(Append append) {
        int luck = luck();
        if (luck == 0) {
            throw new EventStorageException("no connection, on purpose");
        }
        AppendResult result = storage.append(append);
        if (luck == 1) {
            throw new AppendOutcomeUnknownException(append, new IllegalStateException("no answer, on purpose"));
        }
        return result;
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
    public long awaitVisible(long position, Duration timeout) throws InterruptedException {
        return storage.awaitVisible(position, timeout);
    }

    private int luck() {
        synchronized (random) {
            return random.nextInt(12);
        }
    }
}
