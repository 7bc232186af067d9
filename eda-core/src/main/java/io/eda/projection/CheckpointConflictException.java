package io.eda.projection;

/** A checkpoint was not where its mover believed it to be. Nothing has changed. */
public final class CheckpointConflictException extends RuntimeException {

    private final long expectedPosition;
    private final long actualPosition;

    /** Tells both positions. */
    public CheckpointConflictException(String name, long expectedPosition, long actualPosition) {
        super("The checkpoint of '" + name + "' was to move on from " + expectedPosition + " but stands at "
                + actualPosition + ". Another runner of this name moved it, or it was reset: read it again and go on"
                + " from there.");
        this.expectedPosition = expectedPosition;
        this.actualPosition = actualPosition;
    }

    /** Returns where the mover believed the checkpoint to be. */
    public long expectedPosition() {
        return expectedPosition;
    }

    /** Returns where it was. */
    public long actualPosition() {
        return actualPosition;
    }
}
