package io.eda.samples.orders;

import io.eda.bus.Deduplication;
import io.eda.bus.Exhausted;
import io.eda.bus.SubscriptionOptions;
import io.eda.inmemory.InMemoryTransport;
import io.eda.transport.EventTransport;
import java.util.Optional;

/**
 * How events get from one service to the others.
 *
 * @param transport what carries them; the system closes it
 * @param exhausted what becomes of an event that a service fails on for good
 * @param deduplication what tells a service that it has handled an event before; the services need none, because their commands
 *     say so too
 */
public record Messaging(EventTransport transport, Exhausted exhausted, Optional<Deduplication> deduplication) {

    /**
     * Returns what needs no server. The dead letters of this transport end with the process, and a relayed event is not published
     * again: so a saga waits for as long as it takes, and its event stays unconfirmed in the store meanwhile.
     */
    public static Messaging inMemory() {
        return new Messaging(InMemoryTransport.confirmingWhenHandled(), Exhausted.BLOCK, Optional.empty());
    }

    /** Returns messaging over a broker, which keeps what was confirmed, dead letters included. */
    public static Messaging over(EventTransport transport) {
        return new Messaging(transport, Exhausted.DEAD_LETTER, Optional.empty());
    }

    /** Returns a copy in which services ask {@code memory} before they handle an event. */
    public Messaging withDeduplication(Deduplication memory) {
        return new Messaging(transport, exhausted, Optional.of(memory));
    }

    SubscriptionOptions apply(SubscriptionOptions options) {
        SubscriptionOptions applied = options.withExhausted(exhausted);
        return deduplication.map(applied::withDeduplication).orElse(applied);
    }
}
