package io.eda.samples.orders.notification;

/** Where notifications go. Thread-safe. */
@FunctionalInterface
public interface Mailbox {

    /** Keeps the notification; one of the same event again changes nothing. */
    void post(Notification notification);
}
