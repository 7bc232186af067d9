package io.eda.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.eda.store.EventFilter;
import io.eda.store.EventPage;
import io.eda.store.ExpectedVersion;
import io.eda.store.postgres.PostgresEventStorage.OpenWriter;
import io.eda.testkit.servers.RealServers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Transactions that commit in another order than they drew their positions, and those that must not matter. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(60)
final class LateCommitIT {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration A_WHILE = Duration.ofMillis(300);
    private static final Duration AT_ONCE = Duration.ofSeconds(2);

    private final DataSource dataSource = TestDatabase.dataSource();
    private final PostgresOptions options = TestDatabase.freshSchema();
    private PostgresEventStorage storage;

    @BeforeEach
    void open() {
        storage = PostgresEventStorage.create(dataSource, options);
    }

    @AfterEach
    void close() {
        storage.close();
    }

    @Test
    void an_event_that_commits_late_holds_back_the_later_ones_and_is_not_skipped() throws Exception {
        try (RawWriter slow = new RawWriter(dataSource, options)) {
            slow.insert("slow", 1, 1);
            long fast = append("fast");

            assertThat(storage.awaitVisible(fast, A_WHILE)).isLessThan(fast);
            assertThat(Events.names(storage, 0)).isEmpty();
            assertThat(storage.readAggregate(
                            Events.append("fast", ExpectedVersion.any(), 1).aggregateId(), 1, 9))
                    .hasSize(1);

            slow.commit();
            assertThat(storage.awaitVisible(fast, PATIENCE)).isGreaterThanOrEqualTo(fast);
        }
        assertThat(Events.names(storage, 0)).containsExactly("slow@1", "fast@1");
    }

    @Test
    void several_slow_transactions_may_end_in_any_order() throws Exception {
        List<String> followed = new ArrayList<>();
        long position = 0;
        try (RawWriter first = new RawWriter(dataSource, options);
                RawWriter second = new RawWriter(dataSource, options);
                RawWriter third = new RawWriter(dataSource, options)) {
            append("a");
            first.insert("first", 1, 1);
            append("b");
            second.insert("second", 1, 2);
            append("c");
            third.insert("third", 1, 1);
            first.insert("first", 2, 2);
            for (RawWriter next : List.of(second, third, first)) {
                position = follow(position, followed);
                next.commit();
                append("after");
            }
        }
        long last = append("last");
        assertThat(storage.awaitVisible(last, PATIENCE)).isGreaterThanOrEqualTo(last);
        follow(position, followed);

        assertThat(followed)
                .isEqualTo(Events.names(storage, 0))
                .containsExactly(
                        "a@1",
                        "first@1",
                        "b@1",
                        "second@1",
                        "second@2",
                        "c@1",
                        "third@1",
                        "first@2",
                        "after@1",
                        "after@2",
                        "after@3",
                        "last@1");
    }

    @Test
    void a_thousand_positions_that_were_rolled_back_delay_nothing() throws Exception {
        append("before");
        try (RawWriter writer = new RawWriter(dataSource, options)) {
            writer.insert("gone", 1, 1_000);
            writer.rollback();
        }
        long after = append("after");

        assertThat(after).isGreaterThan(1_000);
        assertThat(storage.awaitVisible(after, AT_ONCE)).isEqualTo(after);
        assertThat(Events.names(storage, 0)).containsExactly("before@1", "after@1");
    }

    @Test
    void a_hole_right_behind_a_checkpoint_delays_nothing() throws Exception {
        long checkpoint = append("before");
        try (RawWriter writer = new RawWriter(dataSource, options)) {
            assertThat(writer.insert("gone", 1, 1)).isEqualTo(checkpoint + 1);
            writer.rollback();
        }
        assertThat(storage.readAll(checkpoint, EventFilter.all(), 10).position())
                .isEqualTo(checkpoint);
        long after = append("after");

        assertThat(storage.awaitVisible(after, AT_ONCE)).isEqualTo(after);
        assertThat(Events.names(storage, checkpoint)).containsExactly("after@1");
    }

    @Test
    void a_page_may_end_at_a_hole_on_either_side() throws Exception {
        append("a");
        append("b");
        try (RawWriter writer = new RawWriter(dataSource, options)) {
            writer.insert("gone", 1, 3);
            writer.rollback();
        }
        append("c");
        long last = append("d");
        assertThat(storage.awaitVisible(last, PATIENCE)).isGreaterThanOrEqualTo(last);

        for (int limit = 1; limit <= 5; limit++) {
            List<String> names = new ArrayList<>();
            EventPage page;
            long position = 0;
            do {
                page = storage.readAll(position, EventFilter.all(), limit);
                page.events().forEach(stored -> names.add(Events.name(stored)));
                position = page.position();
            } while (!page.isLast());
            assertThat(names).as("pages of %s", limit).containsExactly("a@1", "b@1", "c@1", "d@1");
        }
    }

    @Test
    void versions_of_an_aggregate_stay_in_order_whoever_began_his_transaction_first() throws Exception {
        TestDatabase.execute(dataSource, "create table " + options.schema() + ".other (n int)");
        try (RawWriter early = new RawWriter(dataSource, options)) {
            // This transaction has its number now, and inserts its event after a younger one has committed.
            early.execute("insert into " + options.schema() + ".other values (1)");
            append("order");
            early.insert("order", 2, 2);
            append("other");
            early.commit();
        }
        long last = append("order");

        assertThat(storage.awaitVisible(last, PATIENCE)).isGreaterThanOrEqualTo(last);
        assertThat(Events.names(storage, 0)).containsExactly("order@1", "order@2", "other@1", "order@3");
    }

    @Test
    void transactions_that_write_elsewhere_hold_nothing_back() throws Exception {
        String gid = "elsewhere " + options.schema();
        DataSource otherDatabase = TestDatabase.unpooled(RealServers.postgres().freshDatabase());
        TestDatabase.execute(dataSource, "create table " + options.schema() + ".other (n int)");
        TestDatabase.execute(otherDatabase, "create table other (n int)");
        try (RawWriter here = new RawWriter(dataSource, options);
                RawWriter prepared = new RawWriter(dataSource, options);
                RawWriter there = new RawWriter(otherDatabase, options)) {
            here.execute("insert into " + options.schema() + ".other values (1)");
            there.execute("insert into other values (1)");
            prepared.execute("insert into " + options.schema() + ".other values (2)");
            prepared.execute("prepare transaction '" + gid + "'");
            long position = append("order");

            assertThat(storage.awaitVisible(position, AT_ONCE)).isEqualTo(position);
        } finally {
            TestDatabase.execute(dataSource, "rollback prepared '" + gid + "'");
        }
    }

    @Test
    void a_long_reading_transaction_holds_nothing_back() throws Exception {
        try (Connection reader = dataSource.getConnection();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            statement.execute("select * from " + options.schema() + ".events");
            long position = append("order");

            assertThat(storage.awaitVisible(position, AT_ONCE)).isEqualTo(position);
            reader.rollback();
            reader.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        }
    }

    @Test
    void while_a_writer_is_slow_the_others_go_on_and_it_can_be_named() throws Exception {
        try (RawWriter slow = new RawWriter(dataSource, options)) {
            slow.insert("slow", 1, 1);
            long last = 0;
            for (int i = 0; i < 100; i++) {
                last = append("fast");
            }

            assertThat(storage.awaitVisible(last, A_WHILE)).isZero();
            assertThat(storage.openWriters()).singleElement().satisfies(writer -> {
                assertThat(writer.pid()).isEqualTo(slow.pid());
                assertThat(writer.age()).isGreaterThanOrEqualTo(A_WHILE);
                assertThat(writer.state()).isEqualTo("idle in transaction");
                assertThat(writer.query()).startsWith("insert into");
            });
            slow.rollback();
            assertThat(storage.awaitVisible(last, PATIENCE)).isEqualTo(last);
        }
        assertThat(storage.openWriters()).isEmpty();
    }

    @Test
    void a_prepared_append_holds_readers_back_until_it_is_decided() throws Exception {
        String gid = "append " + options.schema();
        long last;
        try (RawWriter writer = new RawWriter(dataSource, options)) {
            writer.insert("prepared", 1, 1);
            last = append("fast");
            assertThat(storage.awaitVisible(last, A_WHILE)).isZero();
            writer.execute("prepare transaction '" + gid + "'");
        }
        assertThat(storage.awaitVisible(last, A_WHILE)).isZero();
        assertThat(storage.openWriters())
                .singleElement()
                .extracting(OpenWriter::state)
                .isEqualTo("prepared transaction");

        TestDatabase.execute(dataSource, "commit prepared '" + gid + "'");
        assertThat(storage.awaitVisible(last, PATIENCE)).isEqualTo(last);
        assertThat(Events.names(storage, 0)).containsExactly("prepared@1", "fast@1");
    }

    @Test
    void what_a_copy_writes_is_not_skipped_either() throws Exception {
        long last;
        try (RawWriter copier = new RawWriter(dataSource, options)) {
            CopyIn copy = copier.connection()
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("copy " + options.schema() + ".events " + RawWriter.COLUMNS + " from stdin");
            for (int version = 1; version <= 3; version++) {
                byte[] row = ("order\tcopied\t" + version + "\tf47ac10b-58cc-4372-a567-0e02b2c3d47" + version
                                + "\tthing.happened\t1\t2026-11-02 10:00:00Z\tc\tc\t\\\\x00\n")
                        .getBytes(StandardCharsets.UTF_8);
                copy.writeToCopy(row, 0, row.length);
            }
            copy.flushCopy();
            copy.endCopy();
            last = append("fast");

            assertThat(storage.awaitVisible(last, A_WHILE)).isZero();
            copier.commit();
        }
        assertThat(storage.awaitVisible(last, PATIENCE)).isEqualTo(last);
        assertThat(Events.names(storage, 0)).containsExactly("copied@1", "copied@2", "copied@3", "fast@1");
    }

    private long append(String aggregateId) {
        return storage.append(Events.append(aggregateId, ExpectedVersion.any(), 1))
                .lastPosition();
    }

    private long follow(long after, List<String> followed) {
        EventPage page = storage.readAll(after, EventFilter.all(), 500);
        page.events().forEach(stored -> followed.add(Events.name(stored)));
        return page.position();
    }
}
