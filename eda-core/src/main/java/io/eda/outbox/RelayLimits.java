package io.eda.outbox;

/**
 * How much a relay, or each of its shards, may have published and not confirmed.
 *
 * @param events how many events, from 1. Default 1 000
 * @param bytes how many bytes of data they may have together, from 1; a single larger event goes alone. Default 16 MiB
 */
public record RelayLimits(int events, long bytes) {

    private static final RelayLimits DEFAULTS = new RelayLimits(1_000, 16 << 20);

    /** Checks both. */
    public RelayLimits {
        if (events < 1 || bytes < 1) {
            throw new IllegalArgumentException(
                    "A relay with " + events + " events and " + bytes + " bytes unconfirmed: allow at least 1 of each");
        }
    }

    /** Returns the defaults. */
    public static RelayLimits defaults() {
        return DEFAULTS;
    }
}
