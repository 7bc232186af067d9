package io.eda.samples.orders.views;

import io.eda.event.Event;
import io.eda.projection.Projection;
import io.eda.samples.orders.events.InventoryEvent.InventoryReserved;
import io.eda.samples.orders.events.Item;
import io.eda.samples.orders.events.OrderEvent.OrderCancelled;
import io.eda.samples.orders.events.OrderEvent.OrderCreated;
import io.eda.samples.orders.events.OrderEvent.OrderPaid;
import io.eda.samples.orders.events.OrderEvent.OrderShipped;
import io.eda.samples.orders.events.PaymentEvent.PaymentCharged;
import io.eda.samples.orders.events.PaymentEvent.PaymentFailed;
import io.eda.samples.orders.sql.Database;
import io.eda.samples.orders.views.OrderQuery.LatestOrders;
import io.eda.samples.orders.views.OrderQuery.OrderById;
import io.eda.samples.orders.views.OrderQuery.OrdersUnderWay;
import io.eda.store.postgres.PostgresContext;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** The read model {@code order_views}: what each event changes in it, and what can be asked. */
public final class OrderViews {

    private static final JsonMapper JSON = JsonMapper.shared();

    /** How events change the table. */
    public static final Projection<PostgresContext> PROJECTION = Projection.<PostgresContext>named("order_views")
            .on(OrderCreated.class, OrderViews::created)
            .on(InventoryReserved.class, OrderViews::reserved)
            .on(PaymentCharged.class, (event, db) -> paymentIs("charged", event, db))
            .on(PaymentFailed.class, (event, db) -> paymentIs("failed", event, db))
            .on(OrderPaid.class, (event, db) -> statusIs("paid", "", event, db))
            .on(
                    OrderShipped.class,
                    (event, db) -> statusIs("shipped", event.data().parcel(), event, db))
            .on(
                    OrderCancelled.class,
                    (event, db) -> statusIs("cancelled", event.data().reason(), event, db))
            .clearedBy(db -> db.execute("delete from order_views"))
            .build();

    private final Database database;

    /** Opens the read model, and creates its table where there is none. */
    public OrderViews(Database database) {
        this.database = database;
        database.create(OrderViews.class, "order_views.sql");
    }

    /** Returns one order. */
    public Optional<OrderView> byId(OrderById query) {
        return database
                .query("select * from order_views where order_id = ?", OrderViews::view, query.orderId())
                .stream()
                .findFirst();
    }

    /** Returns the latest orders, the newest first. */
    public List<OrderView> latest(LatestOrders query) {
        String any = query.status().orElse("");
        return database.query(
                """
                select * from order_views where ? in ('', status)
                order by placed_at desc, order_id limit ?""",
                OrderViews::view,
                any,
                OrderQuery.MAX_ORDERS);
    }

    /** Returns how many orders still move by themselves. */
    public long underWay(OrdersUnderWay query) {
        return database.query(
                        """
                        select count(*) from order_views
                        where status in ('created', 'paid') or (status = 'reserved' and (card is not null or payment <> 'open'))""",
                        row -> row.getLong(1))
                .get(0);
    }

    private static void created(Event<OrderCreated> event, PostgresContext db) throws SQLException {
        OrderCreated order = event.data();
        OffsetDateTime at = time(event);
        db.execute(
                "insert into order_views values (?, ?, 'created', 'open', ?, ?::jsonb, 0, ?, '', ?, ?)",
                event.aggregateId().id(),
                order.customer(),
                order.totalCents(),
                JSON.writeValueAsString(order.items()),
                order.card().orElse(null),
                at,
                at);
    }

    private static void reserved(Event<InventoryReserved> event, PostgresContext db) throws SQLException {
        db.execute(
                """
                update order_views set reserved_items = reserved_items + 1, changed_at = ?,
                    status = case when reserved_items + 1 = jsonb_array_length(items) then 'reserved' else status end
                where order_id = ?""",
                time(event),
                event.data().orderId());
    }

    private static void paymentIs(String payment, Event<?> event, PostgresContext db) throws SQLException {
        db.execute(
                "update order_views set payment = ?, changed_at = ? where order_id = ?",
                payment,
                time(event),
                event.aggregateId().id());
    }

    private static void statusIs(String status, String note, Event<?> event, PostgresContext db) throws SQLException {
        db.execute(
                "update order_views set status = ?, note = ?, changed_at = ? where order_id = ?",
                status,
                note,
                time(event),
                event.aggregateId().id());
    }

    private static OffsetDateTime time(Event<?> event) {
        return event.timestamp().atOffset(ZoneOffset.UTC);
    }

    private static OrderView view(ResultSet row) throws SQLException {
        return new OrderView(
                row.getString("order_id"),
                row.getString("customer"),
                row.getString("status"),
                row.getString("payment"),
                row.getLong("total_cents"),
                List.of(JSON.readValue(row.getString("items"), Item[].class)),
                Optional.ofNullable(row.getString("card")),
                row.getString("note"),
                instant(row, "placed_at"),
                instant(row, "changed_at"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
