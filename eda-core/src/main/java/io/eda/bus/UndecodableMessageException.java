package io.eda.bus;

import io.eda.transport.Message;

/** A message is no event of this framework's wire format. */
final class UndecodableMessageException extends RuntimeException {

    UndecodableMessageException(Message message, String why) {
        super(text(message, why));
    }

    UndecodableMessageException(Message message, String why, Throwable cause) {
        super(text(message, why), cause);
    }

    private static String text(Message message, String why) {
        return "The message " + message + " is no event: " + why
                + ". Is another kind of sender writing to this destination?";
    }
}
