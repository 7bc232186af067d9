package io.eda.testkit.transport;

import io.eda.transport.EventTransport;
import java.time.Duration;

final class LocalBrokerTest extends LocalBrokerContract {

    @Override
    protected EventTransport openTransport() {
        return broker().connect();
    }

    @Override
    protected Duration quiet() {
        return Duration.ofMillis(50);
    }
}
