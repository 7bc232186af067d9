package io.eda.samples.orders.demo;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Knows how much of an input of a known size was read. For one thread. */
final class CountedInput extends FilterInputStream {

    private static final int CELLS = 20;

    private final long size;
    private final long began = System.nanoTime();
    private long count;

    /** Reads {@code in}, which has {@code size} bytes; 0 where nobody knows. */
    CountedInput(InputStream in, long size) {
        super(in);
        this.size = size;
    }

    @Override
    public int read() throws IOException {
        int read = super.read();
        count += read < 0 ? 0 : 1;
        return read;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int read = super.read(into, offset, length);
        count += Math.max(read, 0);
        return read;
    }

    /**
     * Returns a bar with percent and time left, such as {@code [########------------]  42 %  3 s left}, and nothing where the
     * size is not known.
     */
    String bar() {
        return size == 0 || count == 0 ? "" : bar(System.nanoTime() - began);
    }

    String bar(long nanos) {
        long done = Math.min(count, size);
        int filled = (int) (CELLS * done / size);
        long secondsLeft = (long) ((double) nanos * (size - done) / done / 1e9);
        return String.format(
                "[%s%s] %3d %%  %,d s left  ",
                "#".repeat(filled), "-".repeat(CELLS - filled), 100 * done / size, secondsLeft);
    }
}
