package io.eda.benchmarks.harness;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Optional;

/** Reads the counters of this process and of the host twice, and tells the difference. */
final class UsageMeter {

    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private static final ThreadMXBean THREADS = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    private static final Optional<Method> TOTAL = totalAllocated();

    private final Optional<HostTimes> host = HostTimes.now();
    private final long allocated = allocatedBytes();
    private final long cpu = SYSTEM.getProcessCpuTime();

    private UsageMeter() {}

    static UsageMeter start() {
        return new UsageMeter();
    }

    Usage read() {
        long cpuNow = SYSTEM.getProcessCpuTime();
        long allocatedNow = allocatedBytes();
        double stolen = host.flatMap(before -> HostTimes.now().map(now -> now.stolenPercentSince(before)))
                .orElse(Double.NaN);
        return new Usage(cpuNow - cpu, allocatedNow - allocated, stolen);
    }

    /** Threads that have ended are counted from JDK 21 on; the callers of a round live until it has been read. */
    private static long allocatedBytes() {
        if (TOTAL.isPresent()) {
            try {
                return (long) TOTAL.get().invoke(THREADS);
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException(TOTAL.get() + " failed: this JDK cannot tell what was allocated", e);
            }
        }
        return Arrays.stream(THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds()))
                .filter(bytes -> bytes > 0)
                .sum();
    }

    private static Optional<Method> totalAllocated() {
        try {
            return Optional.of(ThreadMXBean.class.getMethod("getTotalThreadAllocatedBytes"));
        } catch (NoSuchMethodException e) {
            return Optional.empty();
        }
    }
}
