package io.eda.transport;

/** An open reception. It reconnects by itself, for as long as it takes. Thread-safe. */
public interface Receiver extends AutoCloseable {

    /**
     * Asks for no more deliveries until {@link #resume}. What is on its way may still come: a bounded number. Holds over
     * reconnections. Idempotent.
     */
    void pause();

    /** Ends {@link #pause}. Idempotent. */
    void resume();

    /** Returns how the reception is, without asking the broker. */
    ReceiverStatus status();

    /**
     * Ends the reception: nothing is delivered any more, and what was delivered and not settled is delivered again, to
     * another member of the group or when the group comes back; that is no failed attempt. Idempotent.
     */
    @Override
    void close();
}
