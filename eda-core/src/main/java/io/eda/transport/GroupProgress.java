package io.eda.transport;

/** How far a group has come with one message, as its broker knows it. Never guessed. */
public sealed interface GroupProgress {

    /**
     * The group is done with it: it has handled it, or has given it up, which its dead letters and parked keys tell.
     *
     * @param evidence what tells so
     */
    record Passed(String evidence) implements GroupProgress {}

    /**
     * The group has still to finish it.
     *
     * @param before how many messages stand before it at most, those included that the group does not want
     * @param evidence what tells so
     */
    record Waiting(long before, String evidence) implements GroupProgress {}

    /**
     * Nobody can tell.
     *
     * @param reason why not, for people
     */
    record Unknown(String reason) implements GroupProgress {}
}
