package io.eda.testkit;

import io.eda.inmemory.InMemoryEventStorage;
import io.eda.store.EventStorage;

final class InMemoryEventStorageTest extends EventStorageContract {

    @Override
    protected EventStorage openStorage() {
        return new InMemoryEventStorage();
    }
}
