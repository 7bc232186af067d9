package io.eda.testkit;

import io.eda.inmemory.InMemoryEventStorage;
import io.eda.inmemory.InMemorySnapshotStorage;

class InMemorySnapshotStorageTest extends SnapshotStorageContract {

    @Override
    protected Storages openStorages() {
        return new Storages(new InMemoryEventStorage(), new InMemorySnapshotStorage());
    }
}
