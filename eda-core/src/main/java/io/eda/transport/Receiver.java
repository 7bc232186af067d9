package io.eda.transport;

/** An open reception. */
public interface Receiver extends AutoCloseable {

    /**
     * Ends the reception: nothing is delivered any more, and what was delivered and not settled is delivered again, to
     * another member of the group or when the group comes back. Idempotent.
     */
    @Override
    void close();
}
