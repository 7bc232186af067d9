package io.eda.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eda.Accounts;
import io.eda.event.Event;
import io.eda.inmemory.InMemoryTransport;
import io.eda.serialization.JacksonEventSerializer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** What goes with a processor, and with letting the order go, and what does not. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class EventProcessorTest {

    @Test
    void a_transport_without_transactions_is_refused_with_what_to_do() {
        try (EventBus bus = new EventBus(new PrefetchingTransport(), new JacksonEventSerializer(Accounts.TYPES))) {
            assertThatThrownBy(() -> bus.process(SubscriptionOptions.forGroup("audit"), event -> List.of()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'audit'")
                    .hasMessageContaining("TRANSACTIONS")
                    .hasMessageContaining("subscribe and publish at least once");
        }
    }

    @Test
    void what_is_made_in_memory_is_handled_before_its_source_is_confirmed_also_where_a_group_is_full()
            throws Exception {
        InMemoryTransport transport = InMemoryTransport.confirmingWhenHandled().withGroupCapacity(1);
        try (EventBus bus = new EventBus(transport, new JacksonEventSerializer(Accounts.TYPES))) {
            Deposits deposits = new Deposits();
            Event<?> deposit = deposits.to("ada", 1);
            List<Event<?>> bonuses = List.of(deposits.to("ada", 2), deposits.to("ada", 3));
            List<Event<?>> handled = new CopyOnWriteArrayList<>();
            bus.subscribe(SubscriptionOptions.forGroup("mail"), handled::add);
            bus.process(SubscriptionOptions.forGroup("bonus"), event -> event.equals(deposit) ? bonuses : List.of());

            bus.publish(deposit).get(30, TimeUnit.SECONDS);

            assertThat(handled).containsExactly(deposit, bonuses.get(0), bonuses.get(1));
        }
    }

    @Test
    void keys_cannot_be_parked_where_the_order_is_let_go() {
        SubscriptionOptions unordered = SubscriptionOptions.forGroup("audit").withoutOrder();

        assertThat(unordered.isOrdered()).isFalse();
        assertThat(unordered.withConcurrency(4).withExhausted(Exhausted.BLOCK).isOrdered())
                .isFalse();
        assertThatThrownBy(() -> unordered.withExhausted(Exhausted.PARK_KEY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("keep the order");
    }
}
