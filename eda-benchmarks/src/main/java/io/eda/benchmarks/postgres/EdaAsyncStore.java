package io.eda.benchmarks.postgres;

import io.eda.benchmarks.harness.Operation;
import io.eda.benchmarks.harness.Stopwatch;
import io.eda.store.EventStorage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Ours without anybody who has to be woken: {@code EventStorage.appendAsync}, each answer of which begins the next append. What
 * the one caller's call takes is the time until as many more have ended as are under way.
 */
final class EdaAsyncStore implements AppendSystem {

    private static final long LOOK_NANOS = 200_000;

    private final int underWay;

    EdaAsyncStore(int underWay) {
        this.underWay = underWay;
    }

    @Override
    public String name() {
        return "eda-async";
    }

    @Override
    public String settings() {
        return "the same, " + underWay + " appends under way by appendAsync, of which nobody waits for a single one";
    }

    @Override
    public String payloadColumn() {
        return EventsTable.NAME + ".data";
    }

    @Override
    public Callers open(Connections connections, int eventsPerAppend) {
        EventStorage storage = EdaStore.storage(connections);
        return () -> {
            Chains chains = new Chains(storage, eventsPerAppend);
            for (int i = 0; i < underWay; i++) {
                chains.append(new SampleEvents());
            }
            return chains;
        };
    }

    private final class Chains implements Operation {

        private final EventStorage storage;
        private final int eventsPerAppend;
        private final LongAdder ended = new LongAdder();
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        private long seen;

        Chains(EventStorage storage, int eventsPerAppend) {
            this.storage = storage;
            this.eventsPerAppend = eventsPerAppend;
        }

        // Ends when the storage is closed, which refuses the next one.
        void append(SampleEvents sample) {
            var unused = storage.appendAsync(EdaStore.next(sample, eventsPerAppend))
                    .whenComplete((result, why) -> {
                        if (why != null) {
                            failure.compareAndSet(null, why);
                            return;
                        }
                        ended.increment();
                        append(sample);
                    });
        }

        @Override
        public int run(Stopwatch watch) {
            long now = ended.sum();
            while (now - seen < underWay) {
                Throwable first = failure.get();
                if (first != null) {
                    throw new IllegalStateException("An append failed", first);
                }
                LockSupport.parkNanos(LOOK_NANOS);
                now = ended.sum();
            }
            int more = (int) (now - seen);
            seen = now;
            return more * eventsPerAppend;
        }
    }
}
