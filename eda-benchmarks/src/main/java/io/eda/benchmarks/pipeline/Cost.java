package io.eda.benchmarks.pipeline;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * What one event costs this process.
 *
 * @param micros processor time of all threads, in microseconds
 * @param bytes what all threads have allocated; of those that ended meanwhile nothing is counted
 */
record Cost(double micros, double bytes) {

    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private static final ThreadMXBean THREADS = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

    private static final int WARM_UPS = 5;

    static Cost of(int events, Work work) throws Exception {
        System.gc();
        long bytes = allocated();
        long cpu = SYSTEM.getProcessCpuTime();
        work.run();
        long cpuNow = SYSTEM.getProcessCpuTime();
        return new Cost((cpuNow - cpu) / 1e3 / events, (double) (allocated() - bytes) / events);
    }

    /** Runs {@code round} five times to warm up, then {@code rounds} times, and returns the median by processor time. */
    static Cost median(int rounds, Callable<Cost> round) throws Exception {
        for (int i = 0; i < WARM_UPS; i++) {
            var unused = round.call();
        }
        List<Cost> costs = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            costs.add(round.call());
        }
        costs.sort(Comparator.comparingDouble(Cost::micros));
        return costs.get(rounds / 2);
    }

    private static long allocated() {
        return Arrays.stream(THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds()))
                .filter(bytes -> bytes > 0)
                .sum();
    }

    /** What is measured. */
    interface Work {
        void run() throws Exception;
    }
}
