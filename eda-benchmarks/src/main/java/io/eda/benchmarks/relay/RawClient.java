package io.eda.benchmarks.relay;

import io.eda.transport.Message;

/** A broker's own client, which publishes one message after the other. */
interface RawClient extends AutoCloseable {

    /** Publishes; tells {@code window} when the broker has confirmed. */
    void publish(Message message, Window window) throws Exception;

    @Override
    void close() throws Exception;
}
