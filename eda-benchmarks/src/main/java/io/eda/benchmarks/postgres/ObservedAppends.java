package io.eda.benchmarks.postgres;

import io.eda.benchmarks.harness.Operation;
import io.eda.benchmarks.harness.Report;
import io.eda.benchmarks.observation.ObservedSession;
import io.eda.benchmarks.observation.Observer;
import io.eda.serialization.EventTypes;
import io.eda.serialization.JacksonEventSerializer;
import io.eda.store.EventStore;
import io.eda.store.postgres.PostgresEventStorage;
import java.util.List;

/** What observers cost an append to PostgreSQL: an {@code EventStore} each, over one table. */
public final class ObservedAppends {

    private static final int CALLERS = 64;
    private static final int CONNECTIONS = 8;

    private ObservedAppends() {}

    /** Compares {@code observers} to the first of them, on a PostgreSQL of its own. */
    public static void run(Report report, List<Observer> observers) throws Exception {
        try (Server server = Server.start();
                Database database = server.freshDatabase();
                Connections connections = database.connections()) {
            report.line(server.description());
            ObservedSession.compare(
                    report,
                    "1 event an append, " + CALLERS + " callers, through an EventStore",
                    CALLERS,
                    observers,
                    observer -> new Observed(observer, connections));
        }
    }

    private static final class Observed implements ObservedSession {

        private final EventStore store;

        Observed(Observer observer, Connections connections) {
            PostgresEventStorage storage = PostgresEventStorage.create(connections.pool(CONNECTIONS, true));
            connections.closeLater(storage);
            var json = new JacksonEventSerializer(EventTypes.builder()
                    .add(SampleEvents.EVENT_TYPE, Placed.class)
                    .build());
            store = new EventStore(storage, json).observedBy(observer.observations());
            observer.meters().ifPresent(registry -> {
                store.bindTo(registry);
                storage.bindTo(registry);
            });
        }

        @Override
        public Operation caller() {
            SampleEvents sample = new SampleEvents();
            return watch -> {
                var unused = store.append(EdaStore.next(sample, 1));
                return 1;
            };
        }

        /** Its connections are closed with everybody's. */
        @Override
        public void close() {}
    }

    /** Never made: appends carry bytes. */
    private record Placed(String customer) {}
}
