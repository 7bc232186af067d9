package io.eda.samples.docs;

import io.eda.bus.DeadLetters;
import io.eda.bus.EventBus;
import io.eda.command.CommandBus;
import io.eda.projection.CheckpointStore;
import io.eda.projection.Projection;
import io.eda.projection.ProjectionRunner;
import io.eda.serialization.JacksonEventSerializer;
import io.eda.store.EventStore;
import io.eda.store.postgres.PostgresEventStorage;
import io.eda.telemetry.BatchTracingObservationHandler;
import io.eda.transport.EventTransport;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationHandler.FirstMatchingCompositeObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingSenderTracingObservationHandler;
import io.micrometer.tracing.propagation.Propagator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The code of {@code docs/meters.md} and {@code docs/operations.md}. */
final class MetersGuide {

    private static final Logger log = LoggerFactory.getLogger(MetersGuide.class);

    private MetersGuide() {}

    static void bind(
            MeterRegistry meters,
            EventStore store,
            PostgresEventStorage storage,
            CommandBus commands,
            ProjectionRunner<?> views,
            EventBus bus) {
        store.bindTo(meters); // EventStore: appends
        storage.bindTo(meters); // PostgresEventStorage: lanes and readers
        commands.bindTo(meters); // CommandBus
        views.bindTo(meters); // ProjectionRunner, likewise OutboxRelay and Rebuild
        bus.bindTo(meters);
    }

    static <C> List<Object> observe(
            Tracer tracer,
            Propagator propagator,
            PostgresEventStorage storage,
            JacksonEventSerializer json,
            EventTransport transport,
            Projection<C> projection,
            CheckpointStore<C> checkpoints) {
        ObservationRegistry observers = ObservationRegistry.create();
        observers
                .observationConfig()
                .observationHandler(new FirstMatchingCompositeObservationHandler(
                        new BatchTracingObservationHandler(tracer),
                        new PropagatingSenderTracingObservationHandler<>(tracer, propagator),
                        new PropagatingReceiverTracingObservationHandler<>(tracer, propagator),
                        new DefaultTracingObservationHandler(tracer)));

        EventStore store = new EventStore(storage, json).observedBy(observers);
        CommandBus commands = CommandBus.builder(store).observedBy(observers).build();
        EventBus bus = EventBus.builder(transport, json).observedBy(observers).build();
        ProjectionRunner.of(projection, store, checkpoints)
                .observedBy(observers)
                .start();
        return List.of(commands, bus);
    }

    static void repair(EventBus bus, String id) {
        DeadLetters letters = bus.deadLetters("inventory");
        letters.list(100).forEach(letter -> log.info("{} {} {}", letter.message(), letter.exception(), letter.text()));
        letters.replay(id); // to this group alone, as a first attempt
        letters.drop(id);
    }
}
