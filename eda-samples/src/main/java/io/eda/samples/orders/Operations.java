package io.eda.samples.orders;

import io.eda.bus.Exhausted;
import io.eda.intervention.Interventions;
import io.eda.observation.EventLifecycle;
import io.eda.observation.HealthChecks;
import io.eda.outbox.OutboxRelay;
import io.eda.projection.ProjectionRunner;
import io.eda.store.EventStorage;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;

/**
 * What those who run the order system look at.
 *
 * @param lifecycle what has become of an event
 * @param health how each part is
 * @param metrics what the parts count
 */
public record Operations(EventLifecycle lifecycle, HealthChecks health, PrometheusMeterRegistry metrics)
        implements AutoCloseable {

    /** Looks at these parts, which stay the caller's. */
    static Operations over(
            EventStorage storage,
            List<? extends ProjectionRunner<?>> views,
            OutboxRelay relay,
            Services services,
            Interventions interventions,
            PrometheusMeterRegistry metrics) {
        var lifecycle = EventLifecycle.builder(storage).relay(relay).interventions(interventions);
        var health = HealthChecks.builder().store(storage).relay(relay);
        views.forEach(view -> {
            lifecycle.projection(view);
            health.projection(view);
        });
        services.subscribed().forEach(service -> {
            lifecycle.group(services.bus(), service.options(), service.subscription());
            health.subscription(service.subscription());
            if (service.options().exhausted() == Exhausted.DEAD_LETTER) {
                health.deadLetters(services.bus(), service.options().group());
            }
        });
        services.memory().ifPresent(health::deduplication);
        return new Operations(lifecycle.build(), health.build(), metrics);
    }

    @Override
    public void close() {
        health.close();
        metrics.close();
    }
}
