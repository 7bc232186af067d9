package io.eda.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.eda.Accounts;
import io.eda.inmemory.InMemoryTransport;
import io.eda.serialization.JacksonEventSerializer;
import io.eda.telemetry.Tracing;
import io.eda.transport.Message;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** What the meters and traces of a bus cost where nobody wants them, and how they are bound. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class UnobservedTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int EVENTS = 100_000;

    @Test
    void without_a_registry_an_event_makes_no_object() {
        BusMeters bus = new BusMeters();
        GroupMeters group = bus.of("mail");
        GroupTracing tracing = new GroupTracing("mail", Tracing.off());
        List<CompletableFuture<Void>> futures = List.of(CompletableFuture.completedFuture(null));
        Message message = new Message("1", "note", "note.written", "a", Map.of(), new byte[0]);
        everything(1_000, bus, group, tracing, futures, message);

        long before = THREADS.getCurrentThreadAllocatedBytes();
        everything(EVENTS, bus, group, tracing, futures, message);
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        // One object of the smallest size for each event would be sixteen times as much.
        assertThat(allocated).isLessThan(EVENTS);
    }

    @Test
    void a_bus_is_bound_once_and_says_how_to_have_several_registries() {
        try (EventBus bus =
                new EventBus(InMemoryTransport.confirmingWhenAccepted(), new JacksonEventSerializer(Accounts.TYPES))) {
            bus.bindTo(new SimpleMeterRegistry());
            assertThatThrownBy(() -> bus.bindTo(new SimpleMeterRegistry()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("CompositeMeterRegistry");
        }
    }

    @Test
    void members_of_a_group_are_counted_together_and_the_last_one_takes_the_gauges_with_it() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (EventBus bus =
                new EventBus(InMemoryTransport.confirmingWhenAccepted(), new JacksonEventSerializer(Accounts.TYPES))) {
            bus.bindTo(registry);
            Subscription first = bus.subscribe(SubscriptionOptions.forGroup("mail"), event -> {});
            Subscription second = bus.subscribe(SubscriptionOptions.forGroup("mail"), event -> {});
            assertThat(registry.find("eda.bus.inflight").gauges()).hasSize(1);
            first.close();
            assertThat(registry.find("eda.bus.inflight").gauges()).hasSize(1);
            second.close();
            assertThat(registry.find("eda.bus.inflight").gauges()).isEmpty();
            try (Subscription third = bus.subscribe(SubscriptionOptions.forGroup("mail"), event -> {})) {
                assertThat(registry.find("eda.bus.inflight").gauges()).hasSize(1);
                assertThat(third.status().isOpen()).isTrue();
            }
        }
    }

    private static void everything(
            int times,
            BusMeters bus,
            GroupMeters group,
            GroupTracing tracing,
            List<CompletableFuture<Void>> futures,
            Message message) {
        for (int i = 0; i < times; i++) {
            bus.published(futures, bus.begin());
            long now = group.now();
            group.waited(now, group.now());
            group.attempted(true, now);
            group.retried();
            group.deadLettered();
            group.answered(GroupMeters.Answer.GRANTED);
            Observation trace = tracing.received(message);
            trace.stop();
        }
    }
}
