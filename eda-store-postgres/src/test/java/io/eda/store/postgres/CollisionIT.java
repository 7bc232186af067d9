package io.eda.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eda.store.AppendResult;
import io.eda.store.ConcurrencyConflictException;
import io.eda.store.ExpectedVersion;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.sql.DataSource;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two writers meet at the unique key, which no version check before it can see: the second waits there for the first. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(60)
final class CollisionIT {

    private final DataSource dataSource = TestDatabase.dataSource();
    private final PostgresOptions options =
            TestDatabase.freshSchema().withDeadlines(Duration.ofSeconds(40), Duration.ofSeconds(50));

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoever_comes_second_at_the_key_gets_a_conflict_or_the_next_version_and_never_a_false_success(boolean isExact)
            throws Exception {
        try (PostgresEventStorage storage = PostgresEventStorage.create(dataSource, options);
                RawWriter first = new RawWriter(dataSource, options)) {
            first.insert("42", 1, 1);
            ExpectedVersion expected = isExact ? ExpectedVersion.noEvents() : ExpectedVersion.any();
            CompletableFuture<AppendResult> second =
                    CompletableFuture.supplyAsync(() -> storage.append(Events.append("42", expected, 1)));
            await().atMost(Duration.ofSeconds(30)).until(this::somebodyWaitsForALock);
            first.commit();

            if (isExact) {
                assertThat(conflict(second)).hasValueSatisfying(conflict -> assertThat(conflict.actualVersion())
                        .isEqualTo(1));
            } else {
                assertThat(second.join().lastVersion()).isEqualTo(2);
            }
            long last = Long.parseLong(
                    TestDatabase.query(dataSource, "select max(position) from " + BulkEvents.table(options)));
            assertThat(storage.awaitVisible(last, Duration.ofSeconds(30))).isEqualTo(last);
            assertThat(Events.names(storage, 0)).isEqualTo(isExact ? List.of("42@1") : List.of("42@1", "42@2"));
        }
    }

    private boolean somebodyWaitsForALock() throws Exception {
        return TestDatabase.query(
                        dataSource,
                        "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%\""
                                + options.schema() + "\".events%'")
                .equals("1");
    }

    private static Optional<ConcurrencyConflictException> conflict(CompletableFuture<AppendResult> append) {
        try {
            AppendResult unexpected = append.join();
            throw new AssertionError("The append claims to have stored: " + unexpected);
        } catch (CompletionException e) {
            return e.getCause() instanceof ConcurrencyConflictException conflict
                    ? Optional.of(conflict)
                    : Optional.empty();
        }
    }
}
