package io.eda.testkit.transport;

import io.eda.transport.Delivery;
import io.eda.transport.Receiver;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * One member of a group: keeps every delivery that comes, however often, in the order in which they come, and settles them
 * as it was told to. Thread-safe.
 */
final class Member implements Consumer<List<Delivery>>, AutoCloseable {

    private final String name;
    private final Predicate<Delivery> isOurs;
    private final Consumer<Delivery> behaviour;
    private final AtomicReference<Receiver> receiver = new AtomicReference<>();
    private final List<Arrival> arrivals = new ArrayList<>();

    Member(String name, Predicate<Delivery> isOurs, Consumer<Delivery> behaviour) {
        this.name = name;
        this.isOurs = isOurs;
        this.behaviour = behaviour;
    }

    void receivesBy(Receiver newReceiver) {
        receiver.set(newReceiver);
    }

    @Override
    public void accept(List<Delivery> deliveries) {
        for (Delivery delivery : deliveries) {
            if (isOurs.test(delivery)) {
                Arrival arrival = Arrival.of(name, delivery);
                synchronized (arrivals) {
                    arrivals.add(arrival);
                }
                behaviour.accept(delivery);
            } else {
                delivery.ack();
            }
        }
    }

    String name() {
        return name;
    }

    Receiver receiver() {
        return Objects.requireNonNull(receiver.get(), "the member has not joined yet");
    }

    List<Arrival> arrivals() {
        synchronized (arrivals) {
            return List.copyOf(arrivals);
        }
    }

    int count() {
        synchronized (arrivals) {
            return arrivals.size();
        }
    }

    /** Returns the ids of what came, as often as it came. */
    List<String> ids() {
        return arrivals().stream().map(Arrival::id).toList();
    }

    Delivery delivery(int index) {
        return arrivals().get(index).delivery();
    }

    @Override
    public void close() {
        receiver().close();
    }
}
