package io.eda.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.eda.store.EventFilter;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(60)
final class ReadAheadIT {

    private final CountDownLatch isOnItsWay = new CountDownLatch(1);
    private final CountDownLatch mayGoOn = new CountDownLatch(1);

    /** A pool that was closed behind the storage would cut the read off, and warn of a broken connection. */
    @Test
    void closing_waits_for_the_page_that_is_on_its_way() throws Exception {
        PostgresOptions options = TestDatabase.freshSchema();
        PostgresEventStorage storage = PostgresEventStorage.create(thatHoldsUpReadAhead(), options);
        BulkEvents.insert(TestDatabase.dataSource(), options, 1, 20_000, "'thing.happened'");

        assertThat(storage.readAll(0, EventFilter.all(), 100).events()).hasSize(100);
        assertThat(isOnItsWay.await(10, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Void> closing = CompletableFuture.runAsync(storage::close);

        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> closing.get(300, TimeUnit.MILLISECONDS));
        mayGoOn.countDown();
        closing.get(10, TimeUnit.SECONDS);
        TestDatabase.execute(TestDatabase.dataSource(), "drop schema " + options.schema() + " cascade");
    }

    private DataSource thatHoldsUpReadAhead() {
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (Thread.currentThread().getName().equals("eda-read-ahead")) {
                        isOnItsWay.countDown();
                        mayGoOn.await();
                    }
                    return method.invoke(TestDatabase.dataSource(), arguments);
                });
    }
}
