package org.apache.kafka.common.utils;

import java.io.Closeable;
import java.util.Iterator;

/** A type that kafka-clients 4.4 has no more, and without which parallel-consumer 0.5.3.3 does not run. */
public interface CloseableIterator<T> extends Iterator<T>, Closeable {

    @Override
    void close();
}
