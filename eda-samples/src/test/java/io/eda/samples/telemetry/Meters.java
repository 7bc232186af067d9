package io.eda.samples.telemetry;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.function.DoublePredicate;
import org.awaitility.core.ConditionFactory;

/** A registry in memory, and short questions to it; tags are keys and values in turn. */
final class Meters {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    SimpleMeterRegistry registry() {
        return registry;
    }

    long timed(String name, String... tags) {
        return registry.get(name).tags(tags).timer().count();
    }

    long counted(String name, String... tags) {
        return (long) registry.get(name).tags(tags).counter().count();
    }

    double gauge(String name, String... tags) {
        return registry.get(name).tags(tags).gauge().value();
    }

    boolean hasGauge(String name, String... tags) {
        Gauge gauge = registry.find(name).tags(tags).gauge();
        return gauge != null;
    }

    void awaitGauge(DoublePredicate condition, String name, String... tags) {
        patiently().until(() -> condition.test(gauge(name, tags)));
    }

    static ConditionFactory patiently() {
        return await().pollInterval(Duration.ofMillis(20)).atMost(Duration.ofSeconds(60));
    }
}
