package io.eda.bus;

import java.util.concurrent.atomic.AtomicBoolean;

/** Something that goes on for a while and is told once: when it begins. Thread-safe. */
final class Incident {

    private final AtomicBoolean goesOn = new AtomicBoolean();

    /** Returns whether it begins now, rather than going on. */
    boolean begins() {
        return !goesOn.get() && goesOn.compareAndSet(false, true);
    }

    /** Returns whether it ends now, rather than not being. */
    boolean ends() {
        return goesOn.get() && goesOn.compareAndSet(true, false);
    }
}
