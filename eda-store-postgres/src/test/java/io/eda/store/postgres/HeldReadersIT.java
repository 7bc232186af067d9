package io.eda.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eda.store.ExpectedVersion;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who holds readers back can be seen on a dashboard. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(60)
final class HeldReadersIT {

    private final DataSource dataSource = TestDatabase.dataSource();
    private final PostgresOptions options = TestDatabase.freshSchema();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void meters_tell_for_how_long_and_for_how_many_readers_wait() throws Exception {
        try (PostgresEventStorage storage = PostgresEventStorage.create(dataSource, options);
                RawWriter slow = new RawWriter(dataSource, options)) {
            storage.bindTo(meters);
            assertThat(gauge("eda.store.readers.held")).isZero();
            slow.insert("slow", 1, 1);
            long last = storage.append(Events.append("fast", ExpectedVersion.any(), 1))
                    .lastPosition();

            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                assertThat(storage.awaitVisible(last, Duration.ofMillis(50))).isZero();
                assertThat(gauge("eda.store.readers.held")).isGreaterThanOrEqualTo(0.2);
            });
            assertThat(gauge("eda.store.writers.awaited")).isEqualTo(1);
            assertThat((long) gauge("eda.store.readers.lag")).isEqualTo(last);
            assertThat(gauge("eda.store.position.visible")).isZero();

            slow.commit();
            assertThat(storage.awaitVisible(last, Duration.ofSeconds(30))).isEqualTo(last);
            assertThat(storage.awaitVisible(last + 1, Duration.ofMillis(300))).isEqualTo(last);
            assertThat(gauge("eda.store.readers.held")).isZero();
            assertThat(gauge("eda.store.writers.awaited")).isZero();
            assertThat(gauge("eda.store.readers.lag")).isZero();
            assertThat((long) gauge("eda.store.position.visible")).isEqualTo(last);
        }
    }

    private double gauge(String name) {
        return meters.get(name).tag("schema", options.schema()).gauge().value();
    }
}
