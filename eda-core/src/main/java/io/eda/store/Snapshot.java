package io.eda.store;

import io.eda.event.AggregateId;
import java.util.Objects;

/**
 * The state of an aggregate as bytes, as it was after one of its events. As in {@code EventRecord}, the array is not copied.
 *
 * @param aggregateId whose state it is
 * @param version the version of the event after which it was so, from 1
 * @param position the position of that event
 * @param schemaVersion the version of the state's shape and meaning
 * @param state the serialized state, not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared; copied once too often otherwise.
public record Snapshot(AggregateId aggregateId, long version, long position, int schemaVersion, byte[] state) {

    /** Checks that it stands behind an event. */
    public Snapshot {
        Objects.requireNonNull(aggregateId, "aggregateId");
        Objects.requireNonNull(state, "state");
        if (version < 1 || position < 1 || schemaVersion < 1) {
            throw new IllegalArgumentException("A snapshot of " + aggregateId + " at version " + version + ", position "
                    + position + ", schema version " + schemaVersion + ": all three start at 1");
        }
    }
}
