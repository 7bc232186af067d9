package io.eda.testkit.bus;

import io.eda.inmemory.InMemoryTransport;
import io.eda.transport.EventTransport;

final class InMemoryEventBusTest extends EventBusContract {

    @Override
    protected EventTransport openTransport() {
        return InMemoryTransport.confirmingWhenAccepted();
    }
}
