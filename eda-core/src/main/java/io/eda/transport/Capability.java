package io.eda.transport;

/**
 * What a transport promises beyond the promises of every {@link EventTransport}. A suite runs the cases of a capability where it
 * is declared, and reports the others as switched off by it.
 */
public enum Capability {
    /** What was confirmed survives a restart, or a kill, of the broker. */
    DURABLE,

    /** The order by key holds over competing members of a group, not within one member alone. */
    ORDER_OVER_MEMBERS,

    /** A message that no group wants, or that has nowhere to go, fails its publish future. */
    REPORTS_UNROUTABLE,

    /** {@link Delivery#attempt} counts over members, processes and restarts of the broker. */
    COUNTS_ATTEMPTS,

    /** A group that is new may receive what was published before it came. */
    REPLAY,

    /** Members of an unordered group share the messages of one key too. */
    UNORDERED_GROUPS,

    /** What a handler publishes and its settlement take effect together, or neither. */
    TRANSACTIONS
}
