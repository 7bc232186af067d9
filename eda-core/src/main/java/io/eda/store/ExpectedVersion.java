package io.eda.store;

/** What a writer believes about an aggregate when it appends: the condition of the optimistic lock. */
public sealed interface ExpectedVersion {

    /** Returns the belief that the aggregate has no event yet. */
    static ExpectedVersion noEvents() {
        return new Exactly(0);
    }

    /** Returns the belief that the last event of the aggregate has {@code version}; 0 means that there is none. */
    static ExpectedVersion exactly(long version) {
        return new Exactly(version);
    }

    /** Returns the wish to append whatever stands there: for facts that no decision depends on. */
    static ExpectedVersion any() {
        return new Any();
    }

    /**
     * The aggregate is at one version, and at no other.
     *
     * @param version the version of its last event, 0 where it has none
     */
    record Exactly(long version) implements ExpectedVersion {
        /** Checks the version. */
        public Exactly {
            if (version < 0) {
                throw new IllegalArgumentException("The expected version is " + version
                        + ": write ExpectedVersion.noEvents() for a new aggregate, any() for no condition");
            }
        }

        @Override
        public String toString() {
            return version == 0 ? "no events" : "version " + version;
        }
    }

    /** The aggregate is at any version. */
    record Any() implements ExpectedVersion {
        @Override
        public String toString() {
            return "any version";
        }
    }
}
