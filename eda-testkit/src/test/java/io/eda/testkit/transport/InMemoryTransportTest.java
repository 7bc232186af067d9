package io.eda.testkit.transport;

import io.eda.inmemory.InMemoryTransport;
import io.eda.testkit.ServerFaults;
import io.eda.transport.EventTransport;
import java.time.Duration;

final class InMemoryTransportTest extends EventTransportContract {

    @Override
    protected EventTransport openTransport() {
        return InMemoryTransport.confirmingWhenAccepted();
    }

    @Override
    protected ServerFaults faults() {
        return ServerFaults.none("it lives and ends with its process");
    }

    @Override
    protected boolean isAlone() {
        return true;
    }

    @Override
    protected Duration quiet() {
        return Duration.ofMillis(50);
    }
}
