package io.eda.testkit.transport;

import io.eda.transport.Delivery;
import io.eda.transport.Message;

/**
 * One delivery as it came.
 *
 * @param member who received it
 * @param attempt its attempt, as it was told when it came
 * @param nanos when it came, on the clock of {@link System#nanoTime}
 */
record Arrival(String member, Delivery delivery, int attempt, long nanos) {

    static Arrival of(String member, Delivery delivery) {
        return new Arrival(member, delivery, delivery.attempt(), System.nanoTime());
    }

    Message message() {
        return delivery.message();
    }

    String id() {
        return message().id();
    }

    String key() {
        return message().key();
    }

    @Override
    public String toString() {
        return id() + " of " + key() + " to " + member + ", attempt " + attempt;
    }
}
