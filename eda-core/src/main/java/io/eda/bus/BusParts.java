package io.eda.bus;

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
        ScheduledExecutorService timer,
        Clock clock) {}
