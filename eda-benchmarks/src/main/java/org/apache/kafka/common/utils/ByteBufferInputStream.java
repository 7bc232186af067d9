package org.apache.kafka.common.utils;

import java.io.InputStream;
import java.nio.ByteBuffer;

/** A type that kafka-clients 4.4 has no more, and with which parallel-consumer 0.5.3.3 reads the offsets that it wrote. */
public final class ByteBufferInputStream extends InputStream {

    private final ByteBuffer buffer;

    /** Reads what is left in {@code buffer}. */
    public ByteBufferInputStream(ByteBuffer buffer) {
        this.buffer = buffer;
    }

    @Override
    public int read() {
        return buffer.hasRemaining() ? buffer.get() & 0xFF : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
        if (!buffer.hasRemaining()) {
            return -1;
        }
        int read = Math.min(length, buffer.remaining());
        buffer.get(bytes, offset, read);
        return read;
    }
}
