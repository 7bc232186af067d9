package io.eda.testkit.idempotency;

import io.eda.idempotency.IdempotencyStore;
import io.eda.inmemory.InMemoryIdempotencyStore;
import io.eda.testkit.ServerFaults;
import java.time.Clock;
import java.time.Duration;

final class InMemoryIdempotencyStoreTest extends IdempotencyStoreContract {

    @Override
    protected IdempotencyStore openStore(Duration retention) {
        return new InMemoryIdempotencyStore(Clock.systemUTC(), retention);
    }

    @Override
    protected ServerFaults faults() {
        return ServerFaults.none("it lives and ends with its process");
    }

    @Override
    protected boolean isAlone() {
        return true;
    }
}
