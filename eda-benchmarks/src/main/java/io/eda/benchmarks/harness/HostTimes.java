package io.eda.benchmarks.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How the host spent its processors' time, in ticks since it started.
 *
 * @param all all of it, idle time included
 * @param stolen what a hypervisor gave to others while this host had work to do
 */
record HostTimes(long all, long stolen) {

    private static final Path FILE = Path.of("/proc/stat");
    private static final int STEAL = 8;

    /** Returns the times so far, or nothing where the system does not tell them. */
    static Optional<HostTimes> now() {
        try {
            List<String> lines = Files.readAllLines(FILE);
            return lines.isEmpty() ? Optional.empty() : parse(lines.get(0));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * Reads the line {@code cpu user nice system idle iowait irq softirq steal …}; the times of guests that may follow are in
     * {@code user} already.
     */
    static Optional<HostTimes> parse(String line) {
        String[] fields = line.trim().split("\\s+", -1);
        if (!fields[0].equals("cpu") || fields.length <= STEAL) {
            return Optional.empty();
        }
        long all = 0;
        for (int i = 1; i <= STEAL; i++) {
            all += Long.parseLong(fields[i]);
        }
        return Optional.of(new HostTimes(all, Long.parseLong(fields[STEAL])));
    }

    /** Returns how much of the time since {@code before} was stolen, in percent. */
    double stolenPercentSince(HostTimes before) {
        long passed = all - before.all;
        return passed == 0 ? 0 : 100.0 * (stolen - before.stolen) / passed;
    }
}
