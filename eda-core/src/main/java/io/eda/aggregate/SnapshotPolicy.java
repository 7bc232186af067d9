package io.eda.aggregate;

import java.time.Duration;

/**
 * When the state of an aggregate is worth remembering. Pure; called from many threads.
 *
 * <p>Snapshots save time and are never needed: losing all of them changes nothing else.
 */
@FunctionalInterface
public interface SnapshotPolicy {

    /**
     * Returns whether a snapshot is due.
     *
     * @param knownVersion the version that was known before: of the snapshot that was loaded, or of the state before an append
     * @param version the version now
     * @param loadTime how long it took to come from the one to the other by loading; zero after an append
     */
    boolean isDue(long knownVersion, long version, Duration loadTime);

    /** Returns the policy by which a snapshot is due at every {@code events}-th version. */
    static SnapshotPolicy everyEvents(int events) {
        if (events < 1) {
            throw new IllegalArgumentException("A snapshot every " + events + " events: use at least 1");
        }
        return (knownVersion, version, loadTime) -> knownVersion / events < version / events;
    }

    /** Returns the policy by which a snapshot is due when loading took longer than {@code limit}. */
    static SnapshotPolicy whenLoadingTakes(Duration limit) {
        return (knownVersion, version, loadTime) -> loadTime.compareTo(limit) > 0;
    }

    /** Returns the policy by which a snapshot is due when this or {@code other} says so. */
    default SnapshotPolicy or(SnapshotPolicy other) {
        return (knownVersion, version, loadTime) ->
                isDue(knownVersion, version, loadTime) || other.isDue(knownVersion, version, loadTime);
    }
}
