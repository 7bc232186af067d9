package io.eda.benchmarks.postgres;

import static io.eda.benchmarks.harness.Quantity.EVENTS_PER_SECOND;

import io.eda.benchmarks.harness.Contender;
import io.eda.benchmarks.harness.Goal;
import io.eda.benchmarks.harness.Pace;
import io.eda.benchmarks.harness.Report;
import io.eda.benchmarks.harness.Scenario;
import io.eda.benchmarks.observation.Observer;
import io.eda.serialization.EventTypes;
import io.eda.serialization.JacksonEventSerializer;
import io.eda.store.EventStore;
import io.eda.store.postgres.PostgresEventStorage;
import java.util.List;

/** What observers cost an append to PostgreSQL. */
public final class ObservedAppends {

    private static final int CALLERS = 64;

    private ObservedAppends() {}

    /** Compares {@code observers} to the first of them, on a PostgreSQL of its own. */
    public static void run(Report report, List<Observer> observers) throws Exception {
        try (Server server = Server.start()) {
            report.line(server.description());
            String reference = observers.get(0).name();
            List<Contender> contenders = observers.stream()
                    .map(observer -> new Observed(observer).contender(server, CALLERS, 1))
                    .toList();
            report.compare(new Scenario(
                    "1 event an append, " + CALLERS + " callers, through an EventStore",
                    Pace.asFastAsPossible(),
                    contenders,
                    List.of(reference),
                    List.of(Goal.atLeast(0.97, observers.get(1).name(), EVENTS_PER_SECOND, reference))));
        }
    }

    private record Observed(Observer observer) implements AppendSystem {

        @Override
        public String name() {
            return observer.name();
        }

        @Override
        public String settings() {
            return "EventStore over PostgresEventStorage with its defaults, "
                    + (observer.meters().isPresent() ? "both bound to a registry" : "bound to no registry") + ", "
                    + (observer.traces().isPresent() ? "every append traced" : "nothing traced");
        }

        @Override
        public String payloadColumn() {
            return EventsTable.NAME + ".data";
        }

        @Override
        public Callers open(Connections connections, int eventsPerAppend) {
            PostgresEventStorage storage = PostgresEventStorage.create(connections.pool(CALLERS, true));
            connections.closeLater(storage);
            var json = new JacksonEventSerializer(EventTypes.builder()
                    .add(SampleEvents.EVENT_TYPE, Placed.class)
                    .build());
            EventStore store = new EventStore(storage, json).observedBy(observer.observations());
            observer.meters().ifPresent(registry -> {
                store.bindTo(registry);
                storage.bindTo(registry);
            });
            return () -> {
                SampleEvents sample = new SampleEvents();
                return watch -> {
                    var unused = store.append(EdaStore.next(sample, eventsPerAppend));
                    return eventsPerAppend;
                };
            };
        }
    }

    /** Never made: appends carry bytes. */
    private record Placed(String customer) {}
}
