package io.eda.broker.rabbitmq;

import java.io.IOException;

/** The broker answered a message with a nack: it lives, and has not got it. */
final class NotTakenException extends IOException {

    NotTakenException() {
        super("The broker sent a nack");
    }
}
