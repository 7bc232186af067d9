package io.eda.projection;

import java.time.Duration;

/** A follower did not come as far as was waited for. Nothing is wrong with the events: a read model is behind. */
public final class PositionNotReachedException extends RuntimeException {

    private final transient Progress progress;

    /** Tells how far it came, and why it stands where that is known. */
    public PositionNotReachedException(long target, Duration timeout, Progress progress) {
        super("Waited " + timeout.toMillis() + " ms for position " + target + ", but " + progress
                + ". Wait longer, or answer from what is there.");
        this.progress = progress;
    }

    /** Returns how far it was. */
    public Progress progress() {
        return progress;
    }
}
