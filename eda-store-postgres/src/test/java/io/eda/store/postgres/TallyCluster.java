package io.eda.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.eda.store.EventStorageException;
import io.eda.store.EventStore;
import io.eda.testkit.servers.ChildJvm;
import io.eda.testkit.servers.PostgresServer;
import io.eda.testkit.servers.RealServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A database, nodes that project its events, and a writer: to be killed and frozen while it goes on. */
final class TallyCluster implements AutoCloseable {

    static final Duration LEASE = Duration.ofMillis(900);
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int SHARDS = 4;
    private static final String OUT_OF_ORDER =
            "select count(*) from (select e.aggregate_version v, lag(e.aggregate_version, 1, 0::bigint) over (partition by"
                    + " e.aggregate_id order by f.seq) before from eda.events e join (select id, min(seq) seq from"
                    + " eda.published group by id) f on f.id = e.event_id) o where v <> before + 1";

    private final PostgresOptions options = TestDatabase.freshSchema();
    private final PostgresServer server = RealServers.dedicatedPostgres();
    private final HikariDataSource pool = TestDatabase.pool(server.jdbcUrl(), 10);
    private final PostgresEventStorage storage = PostgresEventStorage.create(pool, options);
    private final EventStore store = Tally.store(storage);
    private final PostgresCheckpointStore checkpoints = PostgresCheckpointStore.create(pool, options);
    private final List<ChildJvm> nodes = new ArrayList<>();
    private final AtomicBoolean isWriting = new AtomicBoolean(true);
    private final AtomicLong last = new AtomicLong();
    private final AtomicLong written = new AtomicLong();
    private final Thread writer = new Thread(this::write);
    private final Path goOn;

    TallyCluster(int size) throws Exception {
        goOn = Files.createTempFile("eda-go-on", "");
        Tally.createTable(pool, options.schema());
        TableTransport.createTable(pool, options.schema());
        for (int i = 0; i < size; i++) {
            nodes.add(node());
        }
        writer.start();
    }

    /** Kills or freezes one of them, and waits until the projection has come further; returns what was done. */
    String strike(int blow, Random random) throws Exception {
        long before = checkpoints.position("tally");
        String what = strikeOne(blow % 4, random.nextInt(nodes.size()));
        await().atMost(PATIENCE).ignoreExceptions().until(() -> checkpoints.position("tally") > before);
        return what;
    }

    private String strikeOne(int kind, int victim) throws Exception {
        if (kind == 3) {
            server.kill();
            server.start();
            return "killed the database";
        }
        if (kind == 1) {
            nodes.get(victim).freeze();
            LockSupport.parkNanos(LEASE.multipliedBy(2).toNanos());
            nodes.get(victim).thaw();
            return "froze node " + victim + " for two leases";
        }
        nodes.get(victim).kill();
        nodes.set(victim, node());
        return "killed node " + victim;
    }

    /**
     * Stops writing, waits until everything is projected and relayed, and asserts that the table equals a fresh fold, and that
     * every event was published, first in the order of its aggregate's versions.
     */
    void finish() throws Exception {
        isWriting.set(false);
        writer.join();
        await().atMost(PATIENCE).until(() -> checkpoints.position("tally") >= last.get());
        Tally.assertEqualsFold(pool, options.schema(), storage);
        await().atMost(PATIENCE).until(() -> checkpoints.position("relay") >= last.get());
        String schema = options.schema();
        assertThat(TestDatabase.query(
                        pool,
                        "select count(*) from " + schema + ".events e where not exists" + " (select from " + schema
                                + ".published p where p.id = e.event_id)"))
                .as("events that were not published")
                .isEqualTo("0");
        assertThat(TestDatabase.query(pool, OUT_OF_ORDER.replace("eda.", schema + ".")))
                .as("events that were published before an earlier one of their aggregate")
                .isEqualTo("0");
    }

    long written() {
        return written.get();
    }

    /** Returns how often shards changed hands. */
    long epochs() throws Exception {
        return Long.parseLong(TestDatabase.query(pool, "select sum(epoch) from " + options.schema() + ".checkpoints"));
    }

    /** Some hundred events a second to twenty aggregates, whatever happens to the database. */
    private void write() {
        for (int i = 0; isWriting.get(); i++) {
            try {
                last.set(Tally.append(store, "a" + i % 20, i));
                written.incrementAndGet();
            } catch (EventStorageException e) {
                // The database is being killed. What was stored nevertheless is in the fold as well.
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            }
            LockSupport.parkNanos(Duration.ofMillis(3).toNanos());
        }
    }

    private ChildJvm node() throws Exception {
        return ChildJvm.start(
                        TallyNode.class,
                        server.jdbcUrl(),
                        options.schema(),
                        Integer.toString(SHARDS),
                        Long.toString(LEASE.toMillis()),
                        goOn.toString())
                .awaitWord("started");
    }

    @Override
    public void close() throws Exception {
        isWriting.set(false);
        nodes.forEach(ChildJvm::close);
        writer.join();
        storage.close();
        pool.close();
        server.close();
        Files.deleteIfExists(goOn);
    }
}
