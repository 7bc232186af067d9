package io.eda.samples.orders.demo;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was opened and must be closed, the latest first: at the end, or when Ctrl-C comes, whichever is earlier. Thread-safe.
 */
final class Resources implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Resources.class);

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Object closing = new Object();
    private boolean isClosed;

    /** Returns {@code resource}, which is closed with this. */
    synchronized <R extends AutoCloseable> R add(R resource) {
        open.push(resource);
        return resource;
    }

    /** Returns whether the end has begun: what fails from now on fails because of it. */
    synchronized boolean isClosed() {
        return isClosed;
    }

    @Override
    public void close() {
        // The program is over when the first of two closers returns: the second one waits for it.
        synchronized (closing) {
            for (AutoCloseable latest = next(); latest != null; latest = next()) {
                try {
                    latest.close();
                } catch (Exception e) {
                    // The others must be closed all the same.
                    log.warn("Could not be closed: {}", latest, e);
                }
            }
        }
    }

    private synchronized @Nullable AutoCloseable next() {
        isClosed = true;
        return open.poll();
    }
}
