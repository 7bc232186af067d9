package io.eda.broker.kafka;

import io.eda.transport.Receiver;

/** A member of a group, ordered or not, before and after its threads are started. */
interface KafkaReceiver extends Receiver {

    /** Starts its threads; once. */
    void start();
}
