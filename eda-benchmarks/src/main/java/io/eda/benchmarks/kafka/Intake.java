package io.eda.benchmarks.kafka;

import io.eda.benchmarks.harness.Operation;
import io.eda.benchmarks.harness.Session;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** What a consumer on other threads has taken in; the one caller waits for a thousand more. */
final class Intake {

    private static final int STEP = 1_000;
    private static final long LOOK_NANOS = 200_000;

    private final int events;
    private final LongAdder taken = new LongAdder();
    private long seen;

    /** Begins with nothing taken in of that many that there are. */
    Intake(int events) {
        this.events = events;
    }

    void add(int more) {
        taken.add(more);
    }

    /** Returns the session of a consumer that runs and counts here, once its first event came. */
    Session session(AutoCloseable consumer) {
        await(1);
        return new Session() {
            @Override
            public Operation caller(int index) {
                return watch -> await(STEP);
            }

            @Override
            public void close() throws Exception {
                consumer.close();
            }
        };
    }

    private int await(int atLeast) {
        long now = taken.sum();
        while (now - seen < atLeast && now < events) {
            LockSupport.parkNanos(LOOK_NANOS);
            now = taken.sum();
        }
        if (now >= events) {
            throw new IllegalStateException("All is received before the time is over: fill in more");
        }
        int more = (int) (now - seen);
        seen = now;
        return more;
    }
}
