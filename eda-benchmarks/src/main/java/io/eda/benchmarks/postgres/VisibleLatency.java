package io.eda.benchmarks.postgres;

import io.eda.benchmarks.harness.Goal;
import io.eda.benchmarks.harness.Operation;
import io.eda.benchmarks.harness.Pace;
import io.eda.benchmarks.harness.Quantity;
import io.eda.benchmarks.harness.Scenario;
import io.eda.benchmarks.harness.Stopwatch;
import io.eda.store.EventStorage;
import java.time.Duration;
import java.util.List;

/**
 * How long a follower in the same process waits for an event that was appended: {@code awaitVisible} after {@code append},
 * while appends come at a fixed rate, whatever they take.
 */
final class VisibleLatency {

    private static final int APPENDS_PER_SECOND = 1_000;
    private static final int CALLERS = 64;
    private static final double LIMIT_MILLIS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private VisibleLatency() {}

    /** Sets beside each other what an append takes, and what its visibility takes beyond that. */
    static Scenario scenario(Server server) {
        AppendSystem append = new Measured("append", "the append alone", VisibleLatency::append);
        AppendSystem visible = new Measured(
                "visible-beyond", "from the return of append to the return of awaitVisible", VisibleLatency::await);
        return new Scenario(
                "append, then visible to a follower in the same process, " + APPENDS_PER_SECOND
                        + " appends/s open loop",
                Pace.perSecond(APPENDS_PER_SECOND),
                List.of(append.contender(server, CALLERS, 1), visible.contender(server, CALLERS, 1)),
                List.of(),
                List.of(Goal.atMost(LIMIT_MILLIS, visible.name(), Quantity.P99_MILLIS)));
    }

    private static int append(EventStorage storage, SampleEvents sample, Stopwatch watch) {
        storage.append(EdaStore.next(sample, 1));
        return 1;
    }

    private static int await(EventStorage storage, SampleEvents sample, Stopwatch watch) throws InterruptedException {
        long position = storage.append(EdaStore.next(sample, 1)).lastPosition();
        watch.restart();
        long visible = storage.awaitVisible(position, PATIENCE);
        if (visible < position) {
            throw new IllegalStateException("Position " + position + " was not visible after " + PATIENCE + ", only "
                    + visible + ": something holds readers back");
        }
        return 1;
    }

    private interface Step {
        int run(EventStorage storage, SampleEvents sample, Stopwatch watch) throws Exception;
    }

    private record Measured(String name, String settings, Step step) implements AppendSystem {

        @Override
        public String payloadColumn() {
            return EventsTable.NAME + ".data";
        }

        @Override
        public Callers open(Connections connections, int eventsPerAppend) {
            EventStorage storage = EdaStore.storage(connections);
            return () -> {
                SampleEvents sample = new SampleEvents();
                Operation operation = watch -> step.run(storage, sample, watch);
                return operation;
            };
        }
    }
}
