package io.eda.samples.orders.inventory;

import io.eda.aggregate.Aggregate;
import io.eda.aggregate.Evolution;
import io.eda.samples.orders.events.InventoryEvent;
import io.eda.samples.orders.events.InventoryEvent.InventoryRejected;
import io.eda.samples.orders.events.InventoryEvent.InventoryReleased;
import io.eda.samples.orders.events.InventoryEvent.InventoryReserved;
import io.eda.samples.orders.events.InventoryEvent.InventoryStocked;
import io.eda.samples.orders.inventory.InventoryCommand.ReleaseStock;
import io.eda.samples.orders.inventory.InventoryCommand.ReserveStock;
import io.eda.samples.orders.inventory.InventoryCommand.StockUp;
import java.util.List;

/**
 * The stock of one product. An order gets one answer, for ever: however often it asks, and however late.
 *
 * @param isStocked whether the shelf was ever filled
 * @param available how many pieces can be reserved
 * @param answers what each order was told; a released order counts as one that holds nothing
 */
public record Inventory(boolean isStocked, int available, Answers answers) {

    /** Stocks: their first state, and what each event makes of it. */
    public static final Aggregate<Inventory, InventoryEvent> AGGREGATE = Aggregate.of(
            "inventory",
            new Inventory(false, 0, Answers.none()),
            Evolution.<Inventory, InventoryEvent>over(InventoryEvent.class)
                    .on(InventoryStocked.class, Inventory::stocked)
                    .on(InventoryReserved.class, Inventory::reserved)
                    .on(InventoryRejected.class, Inventory::rejected)
                    .on(InventoryReleased.class, Inventory::released)
                    .build());

    /** Fills an empty shelf. */
    public static List<InventoryEvent> stockUp(StockUp command, Inventory stock) {
        return stock.isStocked ? List.of() : List.of(new InventoryStocked(command.quantity()));
    }

    /** Sets the pieces aside, or says that there are too few. */
    public static List<InventoryEvent> reserve(ReserveStock command, Inventory stock) {
        if (stock.answers.of(command.orderId()).isPresent()) {
            return List.of();
        }
        return List.of(
                command.quantity() <= stock.available
                        ? new InventoryReserved(command.orderId(), command.quantity())
                        : new InventoryRejected(command.orderId(), command.quantity(), stock.available));
    }

    /** Puts back what the order holds. */
    public static List<InventoryEvent> release(ReleaseStock command, Inventory stock) {
        int held = stock.answers.of(command.orderId()).orElse(0);
        return held == 0 ? List.of() : List.of(new InventoryReleased(command.orderId(), held));
    }

    private Inventory stocked(InventoryStocked event) {
        return new Inventory(true, available + event.quantity(), answers);
    }

    private Inventory reserved(InventoryReserved event) {
        return new Inventory(isStocked, available - event.quantity(), answers.with(event.orderId(), event.quantity()));
    }

    private Inventory rejected(InventoryRejected event) {
        return new Inventory(isStocked, available, answers.with(event.orderId(), 0));
    }

    private Inventory released(InventoryReleased event) {
        return new Inventory(isStocked, available + event.quantity(), answers.with(event.orderId(), 0));
    }
}
