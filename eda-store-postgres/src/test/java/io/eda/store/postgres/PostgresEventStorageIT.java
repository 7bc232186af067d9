package io.eda.store.postgres;

import io.eda.store.EventStorage;
import io.eda.testkit.EventStorageContract;

final class PostgresEventStorageIT extends EventStorageContract {

    @Override
    protected EventStorage openStorage() {
        return PostgresEventStorage.create(TestDatabase.dataSource(), TestDatabase.freshSchema());
    }
}
