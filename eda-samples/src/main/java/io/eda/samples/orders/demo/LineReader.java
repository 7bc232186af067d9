package io.eda.samples.orders.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Reads lines as bytes, in the memory of one line, whatever the input holds. Closes nothing. */
final class LineReader {

    private final InputStream in;
    private final int maxBytes;
    private long number;

    /** Reads from {@code in}; a line longer than {@code maxBytes} is told as such. */
    LineReader(InputStream in, int maxBytes) {
        this.in = in;
        this.maxBytes = maxBytes;
    }

    /** Returns the next line, or nothing at the end. */
    Optional<Line> next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean isTooLong = false;
        int read = in.read();
        if (read < 0) {
            return Optional.empty();
        }
        for (; read >= 0 && read != '\n'; read = in.read()) {
            if (line.size() < maxBytes) {
                line.write(read);
            } else {
                isTooLong = true;
            }
        }
        return Optional.of(new Line(++number, line.toByteArray(), isTooLong));
    }

    /** A line and its number, counted from 1. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared; a copy would cost one for each line.
    record Line(long number, byte[] text, boolean isTooLong) {

        boolean isBlank() {
            for (byte b : text) {
                if (b != ' ' && b != '\t' && b != '\r') {
                    return false;
                }
            }
            return true;
        }
    }
}
