package io.eda.benchmarks.postgres;

import io.eda.event.EventType;
import io.eda.event.Metadata;
import io.eda.store.Append;
import io.eda.store.EventStorage;
import io.eda.store.ExpectedVersion;
import io.eda.store.NewEvent;
import java.util.ArrayList;
import java.util.List;

/** Ours: {@code EventStorage.append}, called by threads that wait for the answer. */
final class EdaStore implements AppendSystem {

    static final String NAME = "eda";

    private static final int CONNECTIONS = 64;
    private static final EventType TYPE = EventType.of(SampleEvents.EVENT_TYPE);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String settings() {
        return "PostgresEventStorage.create(dataSource) with its defaults over a pool of " + CONNECTIONS
                + ", every append expects a new aggregate, data bytea";
    }

    @Override
    public String payloadColumn() {
        return EventsTable.NAME + ".data";
    }

    @Override
    public Callers open(Connections connections, int eventsPerAppend) {
        EventStorage storage = storage(connections);
        return () -> {
            SampleEvents sample = new SampleEvents();
            return watch -> {
                storage.append(next(sample, eventsPerAppend));
                return eventsPerAppend;
            };
        };
    }

    static EventStorage storage(Connections connections) {
        return EventsTable.storage(connections, connections.pool(CONNECTIONS, true));
    }

    static Append next(SampleEvents sample, int count) {
        String commandId = sample.id().toString();
        List<NewEvent> events = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            events.add(event(sample, commandId, sample.payload()));
        }
        return new Append(EventsTable.aggregate(sample.id().toString()), ExpectedVersion.noEvents(), events);
    }

    static NewEvent event(SampleEvents sample, String commandId, byte[] data) {
        return new NewEvent(sample.id(), TYPE, sample.now(), commandId, commandId, data, Metadata.empty());
    }
}
