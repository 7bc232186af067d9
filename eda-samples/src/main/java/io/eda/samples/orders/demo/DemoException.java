package io.eda.samples.orders.demo;

/** The demo cannot go on. The message is one clear line for whoever started it. */
final class DemoException extends RuntimeException {

    DemoException(String message) {
        super(message);
    }

    DemoException(String message, Throwable cause) {
        super(message, cause);
    }
}
