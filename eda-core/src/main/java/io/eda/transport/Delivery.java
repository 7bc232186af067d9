package io.eda.transport;

/**
 * A message that was received and waits to be settled. The first of the two settlements counts; later ones, and those after
 * the receiver was closed, do nothing. Thread-safe.
 */
public interface Delivery {

    /** Returns what was received. */
    Message message();

    /** Says that it was handled: it is not delivered again. */
    void ack();

    /** Gives it back unhandled: it is delivered again, before later messages of its key. */
    void release();
}
