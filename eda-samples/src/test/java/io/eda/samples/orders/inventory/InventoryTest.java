package io.eda.samples.orders.inventory;

import static io.eda.testkit.AggregateScenario.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.eda.samples.orders.events.InventoryEvent;
import io.eda.samples.orders.events.InventoryEvent.InventoryRejected;
import io.eda.samples.orders.events.InventoryEvent.InventoryReleased;
import io.eda.samples.orders.events.InventoryEvent.InventoryReserved;
import io.eda.samples.orders.events.InventoryEvent.InventoryStocked;
import io.eda.samples.orders.inventory.InventoryCommand.ReleaseStock;
import io.eda.samples.orders.inventory.InventoryCommand.ReserveStock;
import io.eda.samples.orders.inventory.InventoryCommand.StockUp;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class InventoryTest {

    private static final InventoryEvent STOCKED = new InventoryStocked(3);
    private static final InventoryEvent RESERVED = new InventoryReserved("A", 2);
    private static final InventoryEvent RELEASED = new InventoryReleased("A", 2);

    @Test
    void what_is_not_there_is_rejected() {
        given(Inventory.AGGREGATE, STOCKED, RESERVED)
                .when(new ReserveStock("mug", "B", 2), Inventory::reserve)
                .thenEvents(new InventoryRejected("B", 2, 1));
    }

    @Test
    void the_last_piece_can_be_reserved() {
        given(Inventory.AGGREGATE, STOCKED, RESERVED)
                .when(new ReserveStock("mug", "B", 1), Inventory::reserve)
                .thenEvents(new InventoryReserved("B", 1));
    }

    @Test
    void an_order_that_asks_again_gets_no_second_answer() {
        ReserveStock again = new ReserveStock("mug", "A", 2);
        given(Inventory.AGGREGATE, STOCKED, RESERVED)
                .when(again, Inventory::reserve)
                .thenNothing();
        given(Inventory.AGGREGATE, STOCKED, RESERVED, RELEASED)
                .when(again, Inventory::reserve)
                .thenNothing();
        given(Inventory.AGGREGATE, new InventoryRejected("A", 2, 0), STOCKED)
                .when(again, Inventory::reserve)
                .thenNothing();
    }

    @Test
    void what_was_reserved_is_released_once() {
        ReleaseStock release = new ReleaseStock("mug", "A");
        given(Inventory.AGGREGATE, STOCKED, RESERVED)
                .when(release, Inventory::release)
                .thenEvents(RELEASED);
        given(Inventory.AGGREGATE, STOCKED, RESERVED, RELEASED)
                .when(release, Inventory::release)
                .thenNothing();
        given(Inventory.AGGREGATE, STOCKED).when(release, Inventory::release).thenNothing();
    }

    @Test
    void the_shelf_is_filled_once() {
        given(Inventory.AGGREGATE)
                .when(new StockUp("mug", 3), Inventory::stockUp)
                .thenEvents(STOCKED);
        given(Inventory.AGGREGATE, STOCKED)
                .when(new StockUp("mug", 9), Inventory::stockUp)
                .thenNothing();
    }

    @Test
    void what_orders_hold_is_counted_over_all_shards() {
        Answers answers = Answers.none();
        for (int i = 0; i < 1_000; i++) {
            answers = answers.with("order-" + i, 2);
        }
        assertThat(answers.with("order-7", 0).held()).isEqualTo(1_998);
        assertThat(answers.held()).as("the one before is unchanged").isEqualTo(2_000);
    }
}
