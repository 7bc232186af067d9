package io.eda.testkit;

import io.eda.inmemory.InMemoryParkedMessages;
import io.eda.parking.ParkedMessages;
import java.time.Clock;

final class InMemoryParkedMessagesTest extends ParkedMessagesContract {

    @Override
    protected ParkedMessages openStore(int capacity) {
        return new InMemoryParkedMessages(Clock.systemUTC(), capacity);
    }
}
