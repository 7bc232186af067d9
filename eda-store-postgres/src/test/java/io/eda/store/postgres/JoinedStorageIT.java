package io.eda.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eda.event.AggregateId;
import io.eda.store.Append;
import io.eda.store.AppendResult;
import io.eda.store.ConcurrencyConflictException;
import io.eda.store.EventStorage;
import io.eda.store.EventStorageException;
import io.eda.store.ExpectedVersion;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class JoinedStorageIT {

    private static final AggregateId ORDER = AggregateId.of("order", "42");

    private final PostgresOptions options = TestDatabase.freshSchema();
    private final PostgresEventStorage storage = PostgresEventStorage.create(TestDatabase.dataSource(), options);
    private final String table = '"' + options.schema() + "\".own_state";
    private Connection transaction;
    private EventStorage joined;

    @BeforeEach
    void begin() throws Exception {
        TestDatabase.execute(TestDatabase.dataSource(), "create table " + table + " (note text)");
        transaction = TestDatabase.dataSource().getConnection();
        transaction.setAutoCommit(false);
        joined = storage.joining(transaction);
    }

    @AfterEach
    void end() throws Exception {
        transaction.rollback();
        transaction.close();
        storage.close();
    }

    @Test
    void state_and_events_commit_together() throws Exception {
        note("placed");
        AppendResult result = joined.append(Events.append("42", ExpectedVersion.noEvents(), 2));
        assertThat(storage.readAggregate(ORDER, 1, 10)).isEmpty();

        transaction.commit();

        assertThat(result.lastVersion()).isEqualTo(2);
        assertThat(storage.readAggregate(ORDER, 1, 10)).hasSize(2);
        assertThat(storage.awaitVisible(result.lastPosition(), Duration.ofSeconds(10)))
                .isGreaterThanOrEqualTo(result.lastPosition());
    }

    @Test
    void state_and_events_roll_back_together() throws Exception {
        note("placed");
        joined.append(Events.append("42", ExpectedVersion.noEvents(), 2));
        transaction.rollback();
        assertThat(storage.readAggregate(ORDER, 1, 10)).isEmpty();
        assertThat(TestDatabase.query(TestDatabase.dataSource(), "select count(*) from " + table))
                .isEqualTo("0");
    }

    @Test
    void appends_of_one_transaction_follow_each_other() throws Exception {
        joined.append(Events.append("42", ExpectedVersion.noEvents(), 2));
        assertThat(joined.append(Events.append("42", ExpectedVersion.exactly(2), 1))
                        .lastVersion())
                .isEqualTo(3);
        assertThat(joined.append(Events.append("42", ExpectedVersion.any(), 1)).lastVersion())
                .isEqualTo(4);
        transaction.commit();
        assertThat(storage.readAggregate(ORDER, 1, 10)).hasSize(4);
    }

    @Test
    void a_repeated_append_is_recognised_inside_the_transaction() {
        Append append = Events.append("42", ExpectedVersion.noEvents(), 2);
        AppendResult first = joined.append(append);
        assertThat(joined.append(append)).isEqualTo(first);
    }

    @Test
    void a_conflict_tells_both_versions() {
        storage.append(Events.append("42", ExpectedVersion.noEvents(), 3));
        assertThatThrownBy(() -> joined.append(Events.append("42", ExpectedVersion.exactly(1), 1)))
                .isInstanceOfSatisfying(ConcurrencyConflictException.class, e -> assertThat(e.actualVersion())
                        .isEqualTo(3));
    }

    @Test
    void a_race_that_is_lost_at_the_key_is_a_conflict_too() throws Exception {
        joined.append(Events.append("42", ExpectedVersion.noEvents(), 1));
        try (Connection other = TestDatabase.dataSource().getConnection()) {
            other.setAutoCommit(false);
            CompletableFuture<AppendResult> second = CompletableFuture.supplyAsync(
                    () -> storage.joining(other).append(Events.append("42", ExpectedVersion.noEvents(), 1)));
            transaction.commit();
            assertThatThrownBy(second::join)
                    .cause()
                    .isInstanceOfSatisfying(ConcurrencyConflictException.class, e -> assertThat(e.actualVersion())
                            .isEqualTo(1));
            other.rollback();
        }
    }

    @Test
    void a_connection_in_autocommit_is_refused_before_anything_is_stored() throws Exception {
        transaction.setAutoCommit(true);
        assertThatThrownBy(() -> joined.append(Events.append("42", ExpectedVersion.noEvents(), 1)))
                .isInstanceOf(EventStorageException.class)
                .hasMessageContaining("setAutoCommit(false)");
        transaction.setAutoCommit(false);
        assertThat(storage.readAggregate(ORDER, 1, 10)).isEmpty();
    }

    private void note(String text) throws Exception {
        try (Statement statement = transaction.createStatement()) {
            statement.execute("insert into " + table + " values ('" + text + "')");
        }
    }
}
