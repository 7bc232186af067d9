package io.eda.projection;

/** A checkpoint was to be moved under an epoch that is over. Nothing has changed. */
public final class LeaseLostException extends RuntimeException {

    private final long epoch;
    private final long currentEpoch;

    /** Tells both epochs. */
    public LeaseLostException(String name, int shard, long epoch, long currentEpoch) {
        super("The checkpoint of '" + name + "', shard " + shard + ", was to move in epoch " + epoch
                + " but is in epoch " + currentEpoch
                + ". Another owner runs the shard now: stop, and take a lease before going on.");
        this.epoch = epoch;
        this.currentEpoch = currentEpoch;
    }

    /** Returns the epoch that is over. */
    public long epoch() {
        return epoch;
    }

    /** Returns the epoch of the owner that counts. */
    public long currentEpoch() {
        return currentEpoch;
    }
}
