package io.eda.store;

import io.eda.event.AggregateId;

/** Another writer was first. Nothing was stored. */
public final class ConcurrencyConflictException extends RuntimeException {

    private final transient AggregateId aggregateId;
    private final transient ExpectedVersion expectedVersion;
    private final long actualVersion;

    /** Tells both versions. */
    public ConcurrencyConflictException(AggregateId aggregateId, ExpectedVersion expectedVersion, long actualVersion) {
        super("Append to " + aggregateId + " expected " + expectedVersion + " but it "
                + (actualVersion == 0 ? "has no events" : "is at version " + actualVersion)
                + ". Another writer was first: reload the aggregate and decide again.");
        this.aggregateId = aggregateId;
        this.expectedVersion = expectedVersion;
        this.actualVersion = actualVersion;
    }

    /** Returns whose events were to be appended. */
    public AggregateId aggregateId() {
        return aggregateId;
    }

    /** Returns what the writer believed. */
    public ExpectedVersion expectedVersion() {
        return expectedVersion;
    }

    /** Returns the version that the aggregate had, 0 where it has no events. */
    public long actualVersion() {
        return actualVersion;
    }
}
