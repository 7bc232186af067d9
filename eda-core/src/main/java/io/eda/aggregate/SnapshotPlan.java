package io.eda.aggregate;

import java.util.Objects;

/**
 * How the states of one kind of aggregate are remembered.
 *
 * @param <S> the state
 * @param stateClass the class of the state, a plain record
 * @param schemaVersion the version of the state's shape and meaning, from 1: raise it whenever the class or the evolution
 *     changes, and older snapshots are ignored
 * @param policy when a snapshot is taken
 */
public record SnapshotPlan<S>(Class<S> stateClass, int schemaVersion, SnapshotPolicy policy) {

    /** Checks the version. */
    public SnapshotPlan {
        Objects.requireNonNull(stateClass, "stateClass");
        Objects.requireNonNull(policy, "policy");
        if (schemaVersion < 1) {
            throw new IllegalArgumentException("The snapshots of " + stateClass.getSimpleName()
                    + " have schema version " + schemaVersion + ": versions start at 1");
        }
    }
}
