package io.eda.store.postgres;

import io.eda.testkit.SnapshotStorageContract;

class PostgresSnapshotStorageIT extends SnapshotStorageContract {

    @Override
    protected Storages openStorages() {
        var events = PostgresEventStorage.create(TestDatabase.dataSource(), TestDatabase.freshSchema());
        return new Storages(events, PostgresSnapshotStorage.beside(events));
    }
}
