package io.eda.benchmarks.harness;

/**
 * Counts latencies in buckets that grow with them, so that recording allocates nothing and percentiles are right to 1 %. For
 * one thread.
 */
final class Latencies {

    // Each power of two has 64 buckets, 1/64 of it wide: its middle is off by 1/128 at most.
    private static final int BITS = 6;
    private static final int PER_POWER = 1 << BITS;

    private final long[] counts = new long[(Long.SIZE - BITS) * PER_POWER];
    private long count;

    void add(long nanos) {
        counts[bucket(Math.max(0, nanos))]++;
        count++;
    }

    void add(Latencies other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        count += other.count;
    }

    /** Returns the smallest latency, in nanoseconds, that the share {@code part} does not exceed; NaN where there is none. */
    double percentile(double part) {
        if (part < 0 || part > 1) {
            throw new IllegalArgumentException("There is no percentile " + part + ": use 0.0 to 1.0");
        }
        long rank = Math.max(1, (long) Math.ceil(part * count));
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= rank) {
                return middle(i);
            }
        }
        return Double.NaN;
    }

    /** Below 64 a bucket is one value; above, the index holds the exponent and the six bits behind the first. */
    private static int bucket(long value) {
        int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(value | 1);
        if (exponent < BITS) {
            return (int) value;
        }
        int shift = exponent - BITS;
        return (shift + 1) * PER_POWER + (int) (value >>> shift) - PER_POWER;
    }

    private static double middle(int bucket) {
        if (bucket < PER_POWER) {
            return bucket;
        }
        int shift = bucket / PER_POWER - 1;
        double low = (double) (bucket % PER_POWER + PER_POWER) * (1L << shift);
        return low + ((1L << shift) - 1) / 2.0;
    }
}
