package io.eda.serialization;

/** Turns states of aggregates into bytes and back, for snapshots. Implementations are thread-safe. */
public interface StateSerializer {

    /**
     * Returns {@code state} as bytes.
     *
     * @throws EventSerializationException if it cannot be written, or is too large
     */
    byte[] serializeState(Object state);

    /**
     * Returns the state in {@code bytes}.
     *
     * @throws EventSerializationException if they are no {@code stateClass}: the snapshot is useless, the events are not
     */
    <S> S deserializeState(byte[] bytes, Class<S> stateClass);
}
