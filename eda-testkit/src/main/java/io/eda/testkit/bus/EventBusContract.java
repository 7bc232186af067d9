package io.eda.testkit.bus;

import io.eda.transport.EventTransport;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * Proves the promises of {@link io.eda.bus.EventBus} over one transport, in objects: what a subscriber sees of it. A transport
 * that passes {@link io.eda.testkit.transport.EventTransportContract} should pass this one too; both are run, because the second
 * is what users rely on.
 *
 * <p>Every case runs. Each uses a group, a kind of aggregate and types of its own, so one broker serves all. Every group of cases is a
 * nested class with a tag: {@code handling}, {@code poison}, {@code wire}.
 */
@TestInstance(Lifecycle.PER_CLASS)
public abstract class EventBusContract {

    /** For subclasses. */
    protected EventBusContract() {}

    /** Opens a connection to the broker; the bus of a case closes it. */
    protected abstract EventTransport openTransport() throws Exception;

    /** Returns how long a case waits for what must happen before it fails. 30 seconds, because machines are busy. */
    protected Duration patience() {
        return Duration.ofSeconds(30);
    }

    @Nested
    @Tag("handling")
    final class Handling extends HandlingContract {
        Handling() {
            super(EventBusContract.this);
        }
    }

    @Nested
    @Tag("poison")
    final class Poison extends PoisonContract {
        Poison() {
            super(EventBusContract.this);
        }
    }

    @Nested
    @Tag("wire")
    final class Wire extends WireContract {
        Wire() {
            super(EventBusContract.this);
        }
    }
}
