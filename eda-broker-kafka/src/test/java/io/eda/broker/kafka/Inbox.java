package io.eda.broker.kafka;

import static org.awaitility.Awaitility.await;

import io.eda.transport.Delivery;
import io.eda.transport.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.awaitility.core.ConditionTimeoutException;

/** Keeps every delivery that comes, however often, and settles it as it was told. Thread-safe. */
final class Inbox implements Consumer<List<Delivery>> {

    private final List<Delivery> deliveries = new ArrayList<>();
    private final Consumer<Delivery> behaviour;

    Inbox(Consumer<Delivery> behaviour) {
        this.behaviour = behaviour;
    }

    static Inbox acknowledging() {
        return new Inbox(Delivery::ack);
    }

    static Inbox holding() {
        return new Inbox(delivery -> {});
    }

    @Override
    public void accept(List<Delivery> more) {
        for (Delivery delivery : more) {
            synchronized (deliveries) {
                deliveries.add(delivery);
            }
            behaviour.accept(delivery);
        }
    }

    List<Delivery> deliveries() {
        synchronized (deliveries) {
            return List.copyOf(deliveries);
        }
    }

    Delivery delivery(int index) {
        return deliveries().get(index);
    }

    List<Message> messages() {
        return deliveries().stream().map(Delivery::message).toList();
    }

    List<String> ids() {
        return messages().stream().map(Message::id).toList();
    }

    int count() {
        synchronized (deliveries) {
            return deliveries.size();
        }
    }

    void awaitCount(int atLeast) {
        try {
            eventually(atLeast + " deliveries", () -> count() >= atLeast);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("Of " + atLeast + " deliveries came " + ids(), e);
        }
    }

    static void eventually(String what, BooleanSupplier condition) {
        await(what)
                // A member of a share group that could not say goodbye holds its records for 30 s, and so may the next.
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(10))
                .until(condition::getAsBoolean);
    }
}
