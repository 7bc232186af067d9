package io.eda.bus;

import io.eda.parking.ParkedMessages;
import io.eda.serialization.EventSerializer;
import io.eda.transport.EventTransport;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/** What the subscriptions of one bus share. */
record BusParts(
        EventTransport transport,
        EventSerializer serializer,
        MessageCodec codec,
        Optional<Executor> executor,
        Optional<ParkedMessages> parking,
        ScheduledExecutorService timer,
        Clock clock,
        Signals signals) {

    ParkedMessages parkingFor(String group) {
        return parking.orElseThrow(() -> new IllegalStateException("The group '" + group
                + "' parks keys, and this bus has no store for them: give it one, EventBus.builder(…).parking(store)"));
    }
}
