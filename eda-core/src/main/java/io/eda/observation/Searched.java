package io.eda.observation;

/**
 * Where was looked for the events of a conversation. There is no index of conversations, which every append would pay for: the history
 * is read, from a starting point on, as far as the limits allow.
 *
 * @param afterPosition behind which position it was looked
 * @param toPosition up to which position
 * @param isWhole whether that is all there is from the starting point on; if not, there may be more of the conversation behind it
 */
public record Searched(long afterPosition, long toPosition, boolean isWhole) {}
