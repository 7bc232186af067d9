package io.eda.benchmarks.postgres;

import java.util.Iterator;
import java.util.function.Supplier;

/** Reads everything in order as an endless number of pages, for a system that gives the data of one event after the other. */
final class Replay {

    private final Supplier<Iterator<byte[]>> beginning;
    private final StoredHistory history;
    private final int pageSize;
    private Iterator<byte[]> events;
    private int seen;

    Replay(Supplier<Iterator<byte[]>> beginning, StoredHistory history, int pageSize) {
        this.beginning = beginning;
        this.history = history;
        this.pageSize = pageSize;
        this.events = beginning.get();
    }

    /** Reads a page; behind the last event it begins anew. */
    int next(Object watch) {
        int count = 0;
        while (count < pageSize && events.hasNext()) {
            requireWhole(events.next());
            count++;
        }
        seen += count;
        if (count < pageSize) {
            history.requireAll(seen);
            events = beginning.get();
            seen = 0;
        }
        return count;
    }

    /** Fails where the data are not those that were stored. */
    static void requireWhole(byte[] data) {
        if (data.length != SampleEvents.PAYLOAD_BYTES) {
            throw new IllegalStateException(
                    "An event has " + data.length + " bytes of data, not " + SampleEvents.PAYLOAD_BYTES);
        }
    }
}
