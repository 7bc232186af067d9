package io.eda.bus;

import java.util.concurrent.atomic.AtomicBoolean;

/** Something that hits many events for a while, and that a log tells once: when it begins. Thread-safe. */
final class Incident {

    private final AtomicBoolean isUnderWay = new AtomicBoolean();

    /** Returns whether this is the first of it since it was over. */
    boolean begins() {
        return !isUnderWay.getAndSet(true);
    }

    void isOver() {
        // Read first: a write for every event would send this line from one processor's cache to the other.
        if (isUnderWay.get()) {
            isUnderWay.set(false);
        }
    }
}
