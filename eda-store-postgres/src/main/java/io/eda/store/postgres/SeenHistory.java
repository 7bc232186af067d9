package io.eda.store.postgres;

import io.eda.store.EventStorageException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Remembers which event stands at the safe position, and notices when it does not any more: after a fail-over to a standby
 * that lagged, the positions that were lost are given out again, and a follower that goes on would skip what stands there.
 *
 * <p>The last committed event alone would not tell: by the time that anybody looks, others may have been appended.
 *
 * <p>Not thread-safe: used by the observing thread alone.
 */
final class SeenHistory {

    private Optional<Mark> candidate = Optional.empty();
    private Optional<Mark> safe = Optional.empty();

    /** An event and where it stands. */
    record Mark(long position, UUID eventId) {}

    /** Returns the position whose event is to be looked up, 0 where none is. */
    long position() {
        return safe.map(Mark::position).orElse(0L);
    }

    /** Compares the event that stands at {@link #position} now. */
    void check(Optional<UUID> standing) {
        if (safe.isPresent() && !standing.equals(safe.map(Mark::eventId))) {
            throw new EventStorageException(
                    "All events up to position " + position() + " could be read, the last one being "
                            + safe.get().eventId() + ", and now there is "
                            + standing.map(id -> "another one, " + id).orElse("none") + ": " + lost());
        }
    }

    /**
     * Takes in what an observation saw and where it led.
     *
     * @param last the last committed event
     * @param safePosition the safe position after it
     */
    void saw(Optional<Mark> last, long safePosition) {
        for (Optional<Mark> mark : List.of(candidate, last)) {
            if (mark.isPresent() && mark.get().position() == safePosition) {
                safe = mark;
            }
        }
        // The watermark takes its next candidate from the observation that decides the one before.
        if (candidate.isEmpty() || candidate.get().position() <= safePosition) {
            candidate = last;
        }
    }

    /** What it means that events are gone, and what to do. */
    static String lost() {
        return "the server has lost events, through a fail-over to a standby that lagged, a restored backup, or"
                + " synchronous_commit = off. Followers may have seen what no longer exists. Find out what is missing, put"
                + " their checkpoints back, and restart this process.";
    }
}
