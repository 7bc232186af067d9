package io.eda.projection;

import io.eda.store.EventPage;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What a follower does with what it finds. Called by one thread, but for what says that it is asked from any. */
public interface PageHandler {

    /** How long a follower waits for news at most; a lost wake-up costs no more than this. */
    Duration LONGEST_WAIT = Duration.ofSeconds(1);

    /** Returns the persisted position, and forgets whatever was under way from an earlier one. */
    long load() throws Exception;

    /** Returns where it has put the persisted position last, 0 where there is none; asked from any thread. */
    default long savedPosition() {
        return 0;
    }

    /** Handles the events of a page, which may be none; returns when they count as handled. */
    void handle(EventPage page) throws Exception;

    /** Returns how long the follower may wait for news before it calls {@link #handle} again with an empty page. */
    default Duration patience() {
        return LONGEST_WAIT;
    }

    /**
     * Returns when the oldest event was decided that was handled and is not done with, because somebody's answer is waited for; asked from
     * any thread.
     */
    default Optional<Instant> waitsSince() {
        return Optional.empty();
    }

    /**
     * Returns up to where everything is done with, where {@code position} is what was handled: less, while somebody's answer is waited for; asked
     * from any thread.
     */
    default long doneUpTo(long position) {
        return position;
    }

    /** Asks from another thread that waits within {@link #handle} be short from now on, because the follower is to stop. */
    default void cancel() {}

    /** Ends what is under way, because the follower stops. */
    default void stop() {}
}
