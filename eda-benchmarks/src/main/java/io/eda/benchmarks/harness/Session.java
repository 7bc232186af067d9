package io.eda.benchmarks.harness;

/** A contender with everything that it needs for one round. Closing it leaves nothing behind. */
public interface Session extends AutoCloseable {

    /** Returns what caller number {@code index}, from 0, does over and over; it is run by one thread. */
    Operation caller(int index) throws Exception;

    @Override
    void close() throws Exception;
}
