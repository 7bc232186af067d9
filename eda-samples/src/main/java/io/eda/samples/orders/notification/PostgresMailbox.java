package io.eda.samples.orders.notification;

import io.eda.samples.orders.sql.Database;
import java.util.List;
import java.util.UUID;

/**
 * Notifications in a table, from where a mail program would send them.
 *
 * <p>The event's id is the key: writing the notification and remembering that it was written are one statement, so no crash
 * falls in between. An event is acknowledged after it, so none is lost; and when it comes again, the key is there.
 */
public final class PostgresMailbox implements Mailbox {

    private final Database database;

    /** Opens the mailbox, and creates its table where there is none. */
    public PostgresMailbox(Database database) {
        this.database = database;
        database.create(PostgresMailbox.class, "notifications.sql");
    }

    @Override
    public void post(Notification notification) {
        database.update(
                """
                insert into notifications (event_id, order_id, customer, text) values (?, ?, ?, ?)
                on conflict (event_id) do nothing""",
                notification.eventId(),
                notification.orderId(),
                notification.customer(),
                notification.text());
    }

    /** Returns what was told about an order, in its order. */
    public List<Notification> about(String orderId) {
        return database.query(
                "select event_id, order_id, customer, text from notifications where order_id = ? order by event_id",
                row -> new Notification(
                        row.getObject("event_id", UUID.class),
                        row.getString("order_id"),
                        row.getString("customer"),
                        row.getString("text")),
                orderId);
    }
}
