package io.eda.bus;

import io.eda.transport.Message;
import java.time.Duration;

/** Another attempt at this event is under way, or died: it comes again and is then found completed, or free. */
final class EventInProgressException extends RuntimeException {

    EventInProgressException(String group, Message message, Duration remaining) {
        super("The event " + message + " is being handled for '" + group + "' by another attempt, whose lease lasts "
                + remaining.toMillis() + " ms still: it is tried again after that");
    }
}
