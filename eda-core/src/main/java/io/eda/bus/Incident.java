package io.eda.bus;

import java.util.concurrent.TimeUnit;

/** Something that goes on for a while and is told once: when it begins. What flickers is told at most every ten seconds. Thread-safe. */
final class Incident {

    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

    private volatile boolean goesOn;
    // Guarded by this.
    private boolean isTold;
    private long toldAt = System.nanoTime() - QUIET_NANOS;

    /** Returns whether it begins now, rather than going on, and is to be told. */
    boolean begins() {
        return !goesOn && begin();
    }

    private synchronized boolean begin() {
        if (goesOn) {
            return false;
        }
        long now = System.nanoTime();
        isTold = now - toldAt >= QUIET_NANOS;
        goesOn = true;
        if (isTold) {
            toldAt = now;
        }
        return isTold;
    }

    /** Returns whether it ends now and was told. */
    boolean ends() {
        return goesOn && end();
    }

    private synchronized boolean end() {
        boolean wasTold = goesOn && isTold;
        goesOn = false;
        return wasTold;
    }
}
