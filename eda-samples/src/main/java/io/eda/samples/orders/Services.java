package io.eda.samples.orders;

import io.eda.bus.Deduplication;
import io.eda.bus.EventBus;
import io.eda.bus.Subscription;
import io.eda.bus.SubscriptionOptions;
import io.eda.idempotency.IdempotencyStore;
import java.util.List;
import java.util.Optional;

/**
 * The services that react to events.
 *
 * @param bus what they subscribe at; closing it unsubscribes them
 * @param subscribed each of them
 */
record Services(EventBus bus, List<Service> subscribed) {

    Services {
        subscribed = List.copyOf(subscribed);
    }

    /** Returns what tells them that they have handled an event before. */
    Optional<IdempotencyStore> memory() {
        return subscribed.stream()
                .flatMap(service -> service.options().deduplication().stream())
                .map(Deduplication::store)
                .findFirst();
    }

    /**
     * One of them.
     *
     * @param options what it subscribes with
     * @param subscription its subscription
     */
    record Service(SubscriptionOptions options, Subscription subscription) {}
}
