package io.eda.store.postgres;

import io.eda.parking.ParkedMessages;
import io.eda.testkit.ParkedMessagesContract;

final class PostgresParkedMessagesIT extends ParkedMessagesContract {

    private PostgresOptions options = PostgresOptions.defaults();

    @Override
    protected ParkedMessages openStore(int capacity) {
        options = TestDatabase.freshSchema().withMaxParked(capacity);
        return PostgresParkedMessages.create(TestDatabase.dataSource(), options);
    }

    @Override
    protected ParkedMessages another(ParkedMessages first) {
        return PostgresParkedMessages.create(TestDatabase.dataSource(), options);
    }
}
