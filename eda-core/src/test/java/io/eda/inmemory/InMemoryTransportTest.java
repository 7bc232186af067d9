package io.eda.inmemory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eda.transport.Delivery;
import io.eda.transport.Message;
import io.eda.transport.ReceiveRequest;
import io.eda.transport.TypePattern;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class InMemoryTransportTest {

    private final List<Delivery> deliveries = new ArrayList<>();

    @Test
    void a_message_that_nobody_wants_is_confirmed() {
        var transport = InMemoryTransport.confirmingWhenHandled();
        assertThat(publish(transport, "a", "1")).isCompleted();
    }

    @Test
    void confirming_when_accepted_does_not_wait_for_the_handling() {
        var transport = InMemoryTransport.confirmingWhenAccepted();
        transport.receive(wanting("mail"), deliveries::addAll);
        assertThat(publish(transport, "a", "1")).isCompleted();
        assertThat(deliveries).hasSize(1);
    }

    @Test
    void confirming_when_handled_waits_for_every_group() {
        var transport = InMemoryTransport.confirmingWhenHandled();
        transport.receive(wanting("mail"), deliveries::addAll);
        transport.receive(wanting("audit"), deliveries::addAll);
        CompletableFuture<Void> confirmed = publish(transport, "a", "1");
        deliveries.get(0).ack();
        deliveries.get(0).ack();
        assertThat(confirmed).isNotDone();
        deliveries.get(1).ack();
        assertThat(confirmed).isCompleted();
    }

    @Test
    void closing_fails_what_was_not_handled() {
        var transport = InMemoryTransport.confirmingWhenHandled();
        transport.receive(wanting("mail"), deliveries::addAll);
        CompletableFuture<Void> confirmed = publish(transport, "a", "1");
        transport.close();
        transport.close();
        assertThat(confirmed).isCompletedExceptionally();
        deliveries.get(0).ack();
        assertThat(publish(transport, "a", "2")).isCompletedExceptionally();
        assertThatThrownBy(() -> transport.receive(wanting("mail"), deliveries::addAll))
                .hasMessageContaining("closed");
    }

    @Test
    void the_next_of_a_key_waits_until_the_first_is_settled() {
        var transport = InMemoryTransport.confirmingWhenAccepted();
        transport.receive(wanting("mail"), deliveries::addAll);
        transport.receive(wanting("mail"), deliveries::addAll);
        assertThat(publish(transport, "a", "1")).isCompleted();
        assertThat(publish(transport, "a", "2")).isCompleted();
        assertThat(deliveries).hasSize(1);
        deliveries.get(0).retryLater(Duration.ZERO);
        assertThat(bodies()).containsExactly("1", "1");
        deliveries.get(1).ack();
        assertThat(bodies()).containsExactly("1", "1", "2");
    }

    @Test
    void a_stale_settlement_does_not_take_the_message_from_its_new_owner() {
        var transport = InMemoryTransport.confirmingWhenAccepted();
        var first = transport.receive(wanting("mail"), deliveries::addAll);
        assertThat(publish(transport, "a", "1")).isCompleted();
        assertThat(publish(transport, "a", "2")).isCompleted();
        first.close();
        transport.receive(wanting("mail"), deliveries::addAll);
        deliveries.get(0).ack();
        deliveries.get(0).retryLater(Duration.ZERO);
        assertThat(bodies()).containsExactly("1", "1");
    }

    @Test
    void a_full_group_refuses_the_message_and_what_follows_it_in_the_same_call() {
        var transport = InMemoryTransport.confirmingWhenAccepted().withGroupCapacity(2);
        transport.receive(wanting("mail"), deliveries::addAll);
        List<CompletableFuture<Void>> futures =
                transport.publish(List.of(message("a", "1"), message("b", "2"), message("a", "3"), message("a", "4")));
        assertThat(futures.get(0)).isCompleted();
        assertThat(futures.get(1)).isCompleted();
        assertThat(futures.get(2)).isCompletedExceptionally();
        assertThat(futures.get(3)).isCompletedExceptionally();
        assertThatThrownBy(() -> futures.get(2).join()).hasMessageContaining("holds 2 unhandled messages");
        deliveries.get(0).ack();
        assertThat(publish(transport, "a", "3")).isCompleted();
    }

    @Test
    void a_publisher_that_reuses_its_array_changes_nothing() {
        var transport = InMemoryTransport.confirmingWhenAccepted();
        byte[] body = "before".getBytes(StandardCharsets.UTF_8);
        transport.receive(wanting("mail"), deliveries::addAll);
        assertThat(publish(transport, "a", "0")).isCompleted();
        transport.publish(List.of(new Message("1", "account", "account.opened", "a", Map.of(), body)));
        body[0] = 'X';
        deliveries.get(0).ack();
        assertThat(bodies()).containsExactly("0", "before");
    }

    @Test
    void a_receiver_that_settles_in_its_own_call_works_off_a_backlog_of_any_length() {
        var transport = InMemoryTransport.confirmingWhenAccepted();
        transport.receive(wanting("mail"), deliveries -> {}).close();
        for (int i = 0; i < 100_000; i++) {
            assertThat(publish(transport, "a", "1")).isCompleted();
        }
        AtomicInteger received = new AtomicInteger();
        transport.receive(
                wanting("mail"),
                deliveries -> deliveries.forEach(delivery -> {
                    received.incrementAndGet();
                    delivery.ack();
                }));
        assertThat(received).hasValue(100_000);
    }

    @Test
    void a_receiver_that_throws_hurts_neither_the_publisher_nor_another_receiver() {
        var transport = InMemoryTransport.confirmingWhenAccepted();
        var thrower = transport.receive(wanting("mail"), given -> {
            throw new IllegalStateException("thrown by a receiver, on purpose");
        });
        transport.receive(wanting("audit"), deliveries::addAll);
        assertThat(publish(transport, "a", "1")).isCompleted();
        assertThat(bodies()).containsExactly("1");
        thrower.close();
        transport.receive(wanting("mail"), deliveries::addAll);
        assertThat(bodies()).containsExactly("1", "1");
    }

    private List<String> bodies() {
        return deliveries.stream()
                .map(delivery -> new String(delivery.message().body(), StandardCharsets.UTF_8))
                .toList();
    }

    private static CompletableFuture<Void> publish(InMemoryTransport transport, String key, String body) {
        return transport.publish(List.of(message(key, body))).get(0);
    }

    private static Message message(String key, String body) {
        return new Message("1", "account", "account.opened", key, Map.of(), body.getBytes(StandardCharsets.UTF_8));
    }

    private static ReceiveRequest wanting(String group) {
        return new ReceiveRequest(group, Set.of(TypePattern.everything()), 100, true);
    }
}
