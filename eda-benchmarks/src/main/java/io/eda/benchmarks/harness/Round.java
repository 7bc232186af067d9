package io.eda.benchmarks.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Runs one contender once. Counted is every operation that ends within the measured time: what begins before it or ends
 * after it evens out.
 */
final class Round {

    // Whoever hangs for longer has failed; a benchmark ends by itself.
    private static final long GRACE_SECONDS = 60;

    private final Contender contender;
    private final Pace pace;
    private final Plan plan;

    Round(Contender contender, Pace pace, Plan plan) {
        this.contender = contender;
        this.pace = pace;
        this.plan = plan;
    }

    Measurement run(int number) throws Exception {
        try (Session session = contender.opening().open()) {
            // What the one before left on the heap is not collected at this one's expense.
            System.gc();
            return session instanceof RemoteSession remote
                    ? remote.measure(contender, pace, plan, number)
                    : measure(session, number);
        }
    }

    private Measurement measure(Session session, int number) throws Exception {
        List<Operation> operations = new ArrayList<>();
        for (int i = 0; i < contender.callers(); i++) {
            operations.add(session.caller(i));
        }
        ExecutorService threads = plan.threads().open(contender.callers());
        try {
            long begin = System.nanoTime();
            long start = begin + plan.warmUp().toNanos();
            long end = start + plan.measured().toNanos();
            Pace.Arrivals arrivals = pace.arrivals(begin);
            List<Future<Tally>> callers = operations.stream()
                    .map(operation -> threads.submit(() -> call(operation, arrivals, start, end)))
                    .toList();
            sleepUntil(start);
            UsageMeter meter = UsageMeter.start();
            sleepUntil(end);
            Usage used = meter.read();
            Tally sum = new Tally();
            for (Future<Tally> caller : callers) {
                sum.add(caller.get(GRACE_SECONDS, TimeUnit.SECONDS));
            }
            return Measurement.of(contender.name(), number, plan.measured(), sum, used);
        } finally {
            threads.shutdownNow();
        }
    }

    private static Tally call(Operation operation, Pace.Arrivals arrivals, long start, long end) throws Exception {
        Tally tally = new Tally();
        Stopwatch watch = new Stopwatch();
        for (long begun = arrivals.awaitNext(); begun - end < 0; begun = arrivals.awaitNext()) {
            watch.startAt(begun);
            int events = operation.run(watch);
            long now = System.nanoTime();
            if (now - start >= 0 && now - end < 0) {
                tally.add(events, watch.nanosUntil(now));
            }
        }
        return tally;
    }

    private static void sleepUntil(long nanoTime) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(nanoTime - System.nanoTime());
    }
}
