package io.eda.samples.orders.views;

import io.eda.event.Event;
import io.eda.projection.Projection;
import io.eda.samples.orders.events.InventoryEvent.InventoryReleased;
import io.eda.samples.orders.events.InventoryEvent.InventoryReserved;
import io.eda.samples.orders.events.InventoryEvent.InventoryStocked;
import io.eda.samples.orders.sql.Database;
import io.eda.samples.orders.views.OrderQuery.StockLevels;
import io.eda.store.postgres.PostgresContext;
import java.sql.SQLException;
import java.util.List;

/** The read model {@code stock_views}: what each event changes in it, and what can be asked. */
public final class StockViews {

    /** How events change the table. */
    public static final Projection<PostgresContext> PROJECTION = Projection.<PostgresContext>named("stock_views")
            .on(InventoryStocked.class, StockViews::stocked)
            .on(InventoryReserved.class, (event, db) -> hold(event.data().quantity(), event, db))
            .on(InventoryReleased.class, (event, db) -> hold(-event.data().quantity(), event, db))
            .clearedBy(db -> db.execute("delete from stock_views"))
            .build();

    private final Database database;

    /** Opens the read model, and creates its table where there is none. */
    public StockViews(Database database) {
        this.database = database;
        database.create(StockViews.class, "stock_views.sql");
    }

    /** Returns the stock of every product. */
    public List<StockView> levels(StockLevels query) {
        return database.query(
                "select sku, available, held from stock_views order by sku",
                row -> new StockView(row.getString("sku"), row.getLong("available"), row.getLong("held")));
    }

    private static void stocked(Event<InventoryStocked> event, PostgresContext db) throws SQLException {
        db.execute(
                "insert into stock_views values (?, ?, 0)",
                event.aggregateId().id(),
                event.data().quantity());
    }

    private static void hold(int quantity, Event<?> event, PostgresContext db) throws SQLException {
        db.execute(
                "update stock_views set available = available - ?, held = held + ? where sku = ?",
                quantity,
                quantity,
                event.aggregateId().id());
    }
}
