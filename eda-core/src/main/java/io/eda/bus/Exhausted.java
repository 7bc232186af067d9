package io.eda.bus;

/** What becomes of an event when its attempts are used up, or when it cannot be decoded. */
public enum Exhausted {
    /** It goes to the dead letters of the group, and the later events of its aggregate are handled without it. */
    DEAD_LETTER,

    /** It is tried again with the longest pause until it succeeds; its aggregate waits, and so does its place at the broker. */
    BLOCK
}
