package io.eda.bus;

/** What becomes of an event when its attempts are used up, or when it cannot be decoded. */
public enum Exhausted {
    /** It goes to the dead letters of the group, and the later events of its aggregate are handled without it. */
    DEAD_LETTER,

    /**
     * Its aggregate is parked: the event and all later ones of its aggregate are kept in their order until somebody replays or
     * drops them. The bus needs {@link EventBus.Builder#parking a store} for them.
     */
    PARK_KEY,

    /** It is tried again with the longest pause until it succeeds; its aggregate waits, and so does its place at the broker. */
    BLOCK
}
