package io.eda.parking;

import io.eda.transport.Message;

/**
 * The first message of a parked key, in the hands of one member that replays it.
 *
 * @param key what is replayed
 * @param message its first message, as it was parked
 * @param owner who replays it
 */
public record ParkedReplay(ParkedKey key, Message message, String owner) {}
